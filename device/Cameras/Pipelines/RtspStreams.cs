using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ResNetEdge.Device.Native.GStreamer;

namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>
/// Chooses among the streams that an RTSP server offers: asks for the first one of video alone, so that no sound is sent, and puts the decoder
/// behind it when the server has said how it is coded. Its calls come on rtspsrc's thread.
/// </summary>
internal sealed unsafe class RtspStreams : IDisposable
{
    private readonly GstLibrary _library;
    private readonly nint _pipeline, _sink;
    private readonly string? _asked;
    private GCHandle _self;
    private int _chosen = -1; // number of the stream
    private bool _hasVideo;
    private volatile string? _decoder, _fault;

    /// <summary>Follows a source.</summary>
    /// <param name="library">GStreamer, initialised.</param>
    /// <param name="pipeline">That holds the source and the sink.</param>
    /// <param name="source">An rtspsrc.</param>
    /// <param name="decoder">By name; null: the best that this machine has.</param>
    public RtspStreams(GstLibrary library, GstPipeline pipeline, nint source, string? decoder)
    {
        (_library, _pipeline, _sink, _asked) = (library, pipeline.Handle, pipeline.Sink, decoder);
        _self = GCHandle.Alloc(this);
        nint self = GCHandle.ToIntPtr(_self);
        library.Objects.Connect(source, "select-stream", (delegate* unmanaged[Cdecl]<nint, uint, nint, nint, int>)&SelectStream, self);
        library.Objects.Connect(source, "pad-added", (delegate* unmanaged[Cdecl]<nint, nint, nint, void>)&PadAdded, self);
        library.Objects.Connect(source, "no-more-pads", (delegate* unmanaged[Cdecl]<nint, nint, void>)&NoMorePads, self);
    }

    /// <summary>The element that decodes; null: none, or not yet known.</summary>
    public string? Decoder => _decoder;

    /// <summary>Why no stream can be used, once.</summary>
    public string? TakeFault()
    {
        string? fault = _fault;
        _fault = null;
        return fault;
    }

    /// <summary>After the source has stopped.</summary>
    public void Dispose()
    {
        if (_self.IsAllocated) _self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SelectStream(nint source, uint number, nint caps, nint data) => Of(data).Selects((int)number, caps) ? 1 : 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void PadAdded(nint source, nint pad, nint data)
    {
        var streams = Of(data);
        try
        {
            streams._fault = streams.Decode(pad) ?? streams._fault;
        }
        catch (Exception e) // no exception may reach the thread of GStreamer's that called; the camera throws it on
        {
            streams._fault = $"internal error ({e.Message}); please report it";
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void NoMorePads(nint source, nint data)
    {
        var streams = Of(data);
        if (!streams._hasVideo) streams._fault ??= "the server offers no stream of video";
    }

    private static RtspStreams Of(nint data) => (RtspStreams)GCHandle.FromIntPtr(data).Target!;

    private bool Selects(int number, nint caps)
    {
        if (_chosen < 0 && _library.Pads.FieldOf(caps, "media") == "video") _chosen = number;
        return _chosen == number;
    }

    /// <summary>Why a stream cannot be decoded; null: it is.</summary>
    private string? Decode(nint pad)
    {
        nint caps = _library.Pads.CapsOf(pad);
        string? media = _library.Pads.FieldOf(caps, "media"), name = _library.Pads.FieldOf(caps, "encoding-name");
        _library.Objects.UnrefMini(caps);
        if (media != "video" || _hasVideo) return null;
        _hasVideo = true;
        if (VideoCodecs.Of(name) is not { } codec)
        {
            string known = string.Join(", ", VideoCodecs.All.Select(c => c.Name));
            return $"the camera sends {name}, which is not supported; choose one of {known} in its settings";
        }

        foreach (string element in codec.Elements)
        {
            if (!_library.Elements.Has(element)) return ElementPackages.Missing($"the camera sends {name}, which", element);
        }

        string description = codec.Unpack;
        if (codec.Decoders.Count > 0)
        {
            if (codec.Choose(_library.Elements.Has, _asked, out string? obstacle) is not { } decoder) return $"the camera sends {name}, {obstacle}";
            (description, _decoder) = ($"{description} ! {decoder.Description} ! videoconvert", decoder.Element);
        }

        return Attach(pad, description);
    }

    private string? Attach(nint pad, string description)
    {
        GError* error = null;
        nint bin = _library.Elements.Parse(description, hasEnds: true, &error);
        string words = _library.Objects.TakeText(error);
        if (bin == 0) return $"its decoder cannot be made ({words})";
        nint unpack = _library.Elements.ByName(bin, VideoCodec.UnpackName);
        // After a loss nothing is whole before the next key frame, and decoders don't say so. GStreamer before 1.20 and JPEG don't have it.
        _ = _library.Objects.Set(unpack, "wait-for-keyframe", "true");
        _library.Objects.Unref(unpack);
        _library.Elements.Add(_pipeline, bin);
        bool isLinked = _library.Elements.Link(bin, _sink) && _library.Elements.SyncState(bin) && _library.Pads.Link(pad, bin);
        return isLinked ? null : $"its stream cannot be led to the decoder ({description})";
    }
}
