namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>Elements, the bins that hold them, and pipelines, which are the outermost bins.</summary>
internal sealed unsafe class GstElements(GstExports exports)
{
    /// <summary>GST_STATE_NULL: nothing is held.</summary>
    public const int Stopped = 1;

    /// <summary>GST_STATE_PLAYING.</summary>
    public const int Playing = 4;

    private const int FormatTime = 3, Flush = 1; // GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH
    private const int FatalErrors = 1; // GST_PARSE_FLAG_FATAL_ERRORS

    private readonly nint _find = exports.App("gst_element_factory_find"), _make = exports.App("gst_element_factory_make"),
        _unref = exports.App("gst_object_unref"), _pipeline = exports.App("gst_pipeline_new"),
        _parse = exports.App("gst_parse_bin_from_description_full"), _add = exports.App("gst_bin_add"), _link = exports.App("gst_element_link"),
        _byName = exports.App("gst_bin_get_by_name"),
        _pad = exports.App("gst_element_get_static_pad"), _ghost = exports.App("gst_ghost_pad_new"),
        _addPad = exports.App("gst_element_add_pad"),
        _setState = exports.App("gst_element_set_state"),
        _sync = exports.App("gst_element_sync_state_with_parent"), _seek = exports.App("gst_element_seek_simple"),
        _clock = exports.App("gst_element_get_clock"), _baseTime = exports.App("gst_element_get_base_time"),
        _time = exports.App("gst_clock_get_time");

    /// <summary>Whether the registry has an element of this kind.</summary>
    public bool Has(string kind)
    {
        using var name = new NativeText(kind);
        nint factory = ((delegate* unmanaged<byte*, nint>)_find)(name.Pointer);
        if (factory != 0) ((delegate* unmanaged<nint, void>)_unref)(factory);
        return factory != 0;
    }

    /// <summary>A pipeline that holds nothing yet; the caller owns it.</summary>
    public nint NewPipeline() => ((delegate* unmanaged<byte*, nint>)_pipeline)(null);

    /// <summary>An element that nothing owns yet; 0 where it cannot be made.</summary>
    public nint Make(string kind)
    {
        using var name = new NativeText(kind);
        return ((delegate* unmanaged<byte*, byte*, nint>)_make)(name.Pointer, null);
    }

    /// <summary>A bin of elements described as for gst-launch-1.0; 0 on an error.</summary>
    /// <param name="description">Of the elements.</param>
    /// <param name="hasEnds">The bin gets a pad for each end that is left open; an end that shows up later must not be left so.</param>
    /// <param name="error">The caller's to free.</param>
    public nint Parse(string description, bool hasEnds, GError** error)
    {
        using var text = new NativeText(description);
        return ((delegate* unmanaged<byte*, int, nint, int, GError**, nint>)_parse)(text.Pointer, hasEnds ? 1 : 0, 0, FatalErrors, error);
    }

    /// <summary>Makes the output of an element inside a bin the bin's own.</summary>
    public void ExposeOutput(nint bin, nint element)
    {
        fixed (byte* name = "src"u8) // a literal ends in a zero
        {
            nint inside = ((delegate* unmanaged<nint, byte*, nint>)_pad)(element, name);
            nint outside = ((delegate* unmanaged<byte*, nint, nint>)_ghost)(name, inside);
            _ = ((delegate* unmanaged<nint, nint, int>)_addPad)(bin, outside);
            ((delegate* unmanaged<nint, void>)_unref)(inside);
        }
    }

    /// <summary>Puts an element into a bin, which owns it from then on.</summary>
    public void Add(nint bin, nint element) => _ = ((delegate* unmanaged<nint, nint, int>)_add)(bin, element);

    /// <summary>Leads the frames of one element to another in the same bin.</summary>
    public bool Link(nint from, nint to) => ((delegate* unmanaged<nint, nint, int>)_link)(from, to) != 0;

    /// <summary>The element of a name in a bin, with a reference to give back; 0: there is none.</summary>
    public nint ByName(nint bin, string element)
    {
        using var name = new NativeText(element);
        return ((delegate* unmanaged<nint, byte*, nint>)_byName)(bin, name.Pointer);
    }

    /// <summary>Starts or stops; going up may go on by itself afterwards.</summary>
    /// <returns>False when an element refused; the bus says why.</returns>
    public bool SetState(nint element, int state) => ((delegate* unmanaged<nint, int, int>)_setState)(element, state) != 0;

    /// <summary>Brings an element that was added to a running bin into the bin's state.</summary>
    public bool SyncState(nint element) => ((delegate* unmanaged<nint, int>)_sync)(element) != 0;

    /// <summary>Begins a file again.</summary>
    public bool Rewind(nint pipeline) => ((delegate* unmanaged<nint, int, int, long, int>)_seek)(pipeline, FormatTime, Flush, 0) != 0;

    /// <summary>Time that the pipeline has run, in nanoseconds; null while it has no clock.</summary>
    public ulong? RunningTime(nint pipeline)
    {
        nint clock = ((delegate* unmanaged<nint, nint>)_clock)(pipeline);
        if (clock == 0) return null;
        ulong now = ((delegate* unmanaged<nint, ulong>)_time)(clock), start = ((delegate* unmanaged<nint, ulong>)_baseTime)(pipeline);
        ((delegate* unmanaged<nint, void>)_unref)(clock);
        return now >= start ? now - start : null;
    }
}
