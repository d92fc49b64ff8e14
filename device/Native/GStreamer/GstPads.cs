namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>Pads, the capabilities that they agree on, and the question how memory is to be laid out.</summary>
internal sealed unsafe class GstPads(GstExports exports)
{
    private const int QueryDownstream = 1 << 9; // GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM
    private const int Allocation = (140 << 8) | 6; // GST_QUERY_ALLOCATION: downstream, serialized

    private readonly nint _static = exports.App("gst_element_get_static_pad"), _linkPads = exports.App("gst_pad_link"),
        _probe = exports.App("gst_pad_add_probe"), _currentCaps = exports.App("gst_pad_get_current_caps"),
        _queryCaps = exports.App("gst_pad_query_caps"), _fromText = exports.App("gst_caps_from_string"),
        _structure = exports.App("gst_caps_get_structure"),
        _structureName = exports.App("gst_structure_get_name"), _string = exports.App("gst_structure_get_string"),
        _addMeta = exports.App("gst_query_add_allocation_meta"), _addPool = exports.App("gst_query_add_allocation_pool"),
        _videoMetaType = exports.Video("gst_video_meta_api_get_type"),
        _infoFromCaps = exports.Video("gst_video_info_from_caps"), _unref = exports.App("gst_object_unref");

    /// <summary>Links a pad to an element's input.</summary>
    public bool Link(nint pad, nint element)
    {
        nint input = Input(element);
        bool isLinked = input != 0 && ((delegate* unmanaged<nint, nint, int>)_linkPads)(pad, input) == 0;
        if (input != 0) ((delegate* unmanaged<nint, void>)_unref)(input);
        return isLinked;
    }

    /// <summary>Has a function called at each question that comes to an element's input.</summary>
    /// <param name="element">That is asked.</param>
    /// <param name="call">A GstPadProbeCallback.</param>
    public void OnQuery(nint element, void* call)
    {
        nint input = Input(element);
        _ = ((delegate* unmanaged<nint, int, void*, nint, void*, nuint>)_probe)(input, QueryDownstream, call, 0, null);
        ((delegate* unmanaged<nint, void>)_unref)(input);
    }

    /// <summary>If a query asks how memory is to be laid out: answers that planes may lie anywhere, as GstVideoMeta tells.</summary>
    /// <param name="query">Of any kind.</param>
    /// <param name="fewestBuffers">That are held downstream at once, so that a decoder with few does not run out of them.</param>
    /// <returns>Whether it was such a query.</returns>
    public bool AcceptAnyLayout(nint query, uint fewestBuffers)
    {
        if (((GstMessageHead*)query)->Type != Allocation) return false;
        ((delegate* unmanaged<nint, nint, nint, void>)_addMeta)(query, ((delegate* unmanaged<nint>)_videoMetaType)(), 0);
        ((delegate* unmanaged<nint, nint, uint, uint, uint, void>)_addPool)(query, 0, 0, fewestBuffers, 0);
        return true;
    }

    /// <summary>Capabilities from text, as gst-launch-1.0 reads them; 0 where it is wrong. With a reference to give back.</summary>
    public nint Caps(string text)
    {
        using var words = new NativeText(text);
        return ((delegate* unmanaged<byte*, nint>)_fromText)(words.Pointer);
    }

    /// <summary>What a pad carries, or could. With a reference to give back.</summary>
    public nint CapsOf(nint pad) => ((delegate* unmanaged<nint, nint>)_currentCaps)(pad) is var caps and not 0 ? caps
        : ((delegate* unmanaged<nint, nint, nint>)_queryCaps)(pad, 0);

    /// <summary>Media type of capabilities: <c>video/x-raw</c>.</summary>
    public string MediaOf(nint caps) => Structure(caps) is var structure and not 0
        ? NativeText.Read(((delegate* unmanaged<nint, byte*>)_structureName)(structure)) : "";

    /// <summary>A field of capabilities that is text; null: there is none.</summary>
    public string? FieldOf(nint caps, string field)
    {
        if (Structure(caps) is not (var structure and not 0)) return null;
        using var name = new NativeText(field);
        byte* text = ((delegate* unmanaged<nint, byte*, byte*>)_string)(structure, name.Pointer);
        return text == null ? null : NativeText.Read(text);
    }

    /// <summary>What capabilities say of raw video; false where they are not of it.</summary>
    public bool TryRead(nint caps, out GstVideoInfo info)
    {
        fixed (GstVideoInfo* into = &info) return ((delegate* unmanaged<GstVideoInfo*, nint, int>)_infoFromCaps)(into, caps) != 0;
    }

    private nint Structure(nint caps) => ((delegate* unmanaged<nint, uint, nint>)_structure)(caps, 0);

    private nint Input(nint element)
    {
        fixed (byte* name = "sink"u8) return ((delegate* unmanaged<nint, byte*, nint>)_static)(element, name); // a literal ends in a zero
    }
}
