namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>The frames that an appsink gives. Nothing here allocates managed memory.</summary>
internal sealed unsafe class GstSamples(GstExports exports)
{
    /// <summary>GST_BUFFER_FLAG_CORRUPTED: the decoder knows that the picture is damaged.</summary>
    public const uint Corrupted = 1 << 8;

    private const int FormatTime = 3, MapRead = 1;

    private readonly nint _pull = exports.App("gst_app_sink_try_pull_sample"), _isEnd = exports.App("gst_app_sink_is_eos"),
        _setCaps = exports.App("gst_app_sink_set_caps"), _buffer = exports.App("gst_sample_get_buffer"), _caps = exports.App("gst_sample_get_caps"),
        _segment = exports.App("gst_sample_get_segment"), _runningTime = exports.App("gst_segment_to_running_time"),
        _map = exports.App("gst_buffer_map"), _unmap = exports.App("gst_buffer_unmap"), _meta = exports.Video("gst_buffer_get_video_meta"),
        _structureType = exports.App("gst_structure_get_type");

    /// <summary>GType of structures.</summary>
    public nint StructureType => ((delegate* unmanaged<nint>)_structureType)();

    /// <summary>What frames a sink accepts.</summary>
    public void SetCaps(nint sink, nint caps) => ((delegate* unmanaged<nint, nint, void>)_setCaps)(sink, caps);

    /// <summary>Waits for a frame.</summary>
    /// <returns>A sample to give back; 0 when the time is over or the stream has ended.</returns>
    public nint Pull(nint sink, ulong nanoseconds) => ((delegate* unmanaged<nint, ulong, nint>)_pull)(sink, nanoseconds);

    /// <summary>Whether the last frame was given.</summary>
    public bool IsAtEnd(nint sink) => ((delegate* unmanaged<nint, int>)_isEnd)(sink) != 0;

    /// <summary>The buffer of a sample, which owns it; 0: it has none.</summary>
    public nint BufferOf(nint sample) => ((delegate* unmanaged<nint, nint>)_buffer)(sample);

    /// <summary>The capabilities of a sample, which owns them; 0: it has none.</summary>
    public nint CapsOf(nint sample) => ((delegate* unmanaged<nint, nint>)_caps)(sample);

    /// <summary>The running time at which a buffer was taken, in nanoseconds; all ones: not known.</summary>
    public ulong TimeOf(nint sample, nint buffer) => ((delegate* unmanaged<nint, int, ulong, ulong>)_runningTime)(
        ((delegate* unmanaged<nint, nint>)_segment)(sample), FormatTime, ((GstBufferHead*)buffer)->Pts);

    /// <summary>Makes a buffer readable, without a copy where all its planes are in one memory.</summary>
    public bool Map(nint buffer, out GstMapInfo map)
    {
        fixed (GstMapInfo* into = &map) return ((delegate* unmanaged<nint, GstMapInfo*, int, int>)_map)(buffer, into, MapRead) != 0;
    }

    /// <summary>Ends a <see cref="Map"/>.</summary>
    public void Unmap(nint buffer, ref GstMapInfo map)
    {
        fixed (GstMapInfo* from = &map) ((delegate* unmanaged<nint, GstMapInfo*, void>)_unmap)(buffer, from);
    }

    /// <summary>Where a buffer's planes are; null: as its capabilities imply.</summary>
    public GstVideoMeta* MetaOf(nint buffer) => ((delegate* unmanaged<nint, GstVideoMeta*>)_meta)(buffer);
}
