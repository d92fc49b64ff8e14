using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ResNetEdge.Device.Native.GStreamer;

namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>
/// A pipeline of GStreamer's with an appsink at its end. Its frames are asked for with a timeout rather than announced by a callback: the service
/// has a thread that waits anyway, and no managed code runs on the pipeline's threads while frames flow.
/// </summary>
internal sealed unsafe class GstPipeline : IVideoPipeline
{
    private const uint HeldBuffers = 3; // one is used, one waits, one comes
    private const ulong NoTime = ulong.MaxValue; // GST_CLOCK_TIME_NONE
    private const string NotNegotiated = "reason not-negotiated"; // GST_FLOW_NOT_NEGOTIATED in the detail of an error that has no code of its own
    private const int ProbeOk = 1, ProbeHandled = 4; // GST_PAD_PROBE_OK, GST_PAD_PROBE_HANDLED
    private const int ProbeItem = 16; // offset of GstPadProbeInfo's data

    private readonly GstLibrary _library;
    private readonly nint _pipeline, _sink, _bus, _structureType;
    private readonly uint _resourceErrors;
    private GstMapInfo _map;
    private nint _caps; // of the last frame, held so that no other gets its address
    private nint _mapped; // buffer

    /// <summary>A pipeline that ends in a sink and holds nothing else yet.</summary>
    /// <param name="library">GStreamer, initialised.</param>
    /// <param name="accepted">Capabilities of frames that are read.</param>
    /// <param name="isFile">Frames wait to be taken; else newer ones replace them.</param>
    public GstPipeline(GstLibrary library, string accepted, bool isFile)
    {
        _library = library;
        _resourceErrors = library.Messages.ResourceErrors;
        _structureType = library.Samples.StructureType;
        _pipeline = library.Elements.NewPipeline();
        _bus = library.Messages.BusOf(_pipeline);
        _sink = library.Elements.Make("appsink"); // asked for before
        library.Elements.Add(_pipeline, _sink);
        foreach (var (name, value) in new[]
        {
            ("max-buffers", "1"), ("drop", isFile ? "false" : "true"), ("sync", "false"), ("async", "false"), ("qos", "false"),
            ("enable-last-sample", "false"),
        })
        {
            _ = library.Objects.Set(_sink, name, value);
        }

        nint caps = library.Pads.Caps(accepted);
        library.Samples.SetCaps(_sink, caps);
        library.Objects.UnrefMini(caps);
        library.Pads.OnQuery(_sink, (delegate* unmanaged[Cdecl]<nint, nint, nint, int>)&AnswerQuery);
    }

    /// <summary>The pipeline; sources are put into it before it starts.</summary>
    public nint Handle => _pipeline;

    /// <summary>Its last element.</summary>
    public nint Sink => _sink;

    /// <summary>Looks after a source whose streams show up later; disposed with the pipeline. Null: it has none.</summary>
    public RtspStreams? Streams { get; set; }

    /// <inheritdoc/>
    public string? Decoder => Streams?.Decoder;

    /// <inheritdoc/>
    public long Arrived => (long)_library.Objects.NumberIn(_sink, "stats"u8, _structureType, "rendered"u8);

    /// <inheritdoc/>
    public bool Start() => _library.Elements.SetState(_pipeline, GstElements.Playing);

    /// <inheritdoc/>
    public bool Rewind() => _library.Elements.Rewind(_pipeline);

    /// <inheritdoc/>
    public bool TryPull(TimeSpan timeout, out PipelineSample sample)
    {
        sample = default;
        nint handle = _library.Samples.Pull(_sink, (ulong)Math.Max(timeout.Ticks, 0) * TimeSpan.NanosecondsPerTick);
        if (handle == 0) return false;
        sample.Handle = handle;
        nint caps = _library.Samples.CapsOf(handle);
        if (caps != _caps)
        {
            _library.Objects.UnrefMini(_caps);
            _caps = caps == 0 ? 0 : _library.Objects.RefMini(caps);
        }

        sample.Caps = caps;
        nint buffer = _library.Samples.BufferOf(handle);
        if (buffer == 0 || !_library.Samples.Map(buffer, out _map)) return true; // without bytes: the camera counts it as damaged
        _mapped = buffer;
        sample.Data = _map.Data;
        sample.Length = _map.Size;
        sample.IsDamaged = (((GstBufferHead*)buffer)->Flags & GstSamples.Corrupted) != 0;
        sample.HasPlanes = ReadPlanes(buffer, ref sample.Planes);
        sample.Age = AgeOf(handle, buffer);
        return true;
    }

    /// <inheritdoc/>
    public void Return(in PipelineSample sample)
    {
        if (_mapped != 0) _library.Samples.Unmap(_mapped, ref _map);
        _mapped = 0;
        _library.Objects.UnrefMini(sample.Handle);
    }

    /// <inheritdoc/>
    public PipelineCaps ReadCaps(nint caps)
    {
        if (caps == 0) return new PipelineCaps("", 0, 0, 0, default, default);
        string media = _library.Pads.MediaOf(caps);
        _ = _library.Pads.TryRead(caps, out var info);
        var planes = default(PlanePlacement);
        for (int i = 0; i < PipelineSample.MostPlanes; i++) (planes.Offset[i], planes.Stride[i]) = (info.Offset[i], info.Stride[i]);
        double rate = info.RateDenominator > 0 && info.RateNumerator > 0 ? (double)info.RateNumerator / info.RateDenominator : 0;
        string format = media == RawFormats.Jpeg ? media : _library.Pads.FieldOf(caps, "format") ?? "";
        return new PipelineCaps(format, info.Width, info.Height, rate, ColorOf(info), planes);
    }

    /// <inheritdoc/>
    public bool TryTakeMessage(out PipelineMessage message)
    {
        message = null!;
        if (Streams?.TakeFault() is { } fault)
        {
            message = new PipelineMessage(PipelineMessageKind.Error, PipelineTrouble.Known, "", fault, "");
            return true;
        }

        nint taken = _library.Messages.Pop(_bus);
        if (taken == 0) return false;
        message = Read(taken);
        _library.Objects.UnrefMini(taken);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = _library.Elements.SetState(_pipeline, GstElements.Stopped); // waits for the pipeline's threads
        _library.Objects.UnrefMini(_caps);
        _library.Objects.Unref(_bus);
        _library.Objects.Unref(_pipeline);
        Streams?.Dispose();
    }

    // Decoders that may not place planes as they need them copy every frame into the plain order.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AnswerQuery(nint pad, nint info, nint data)
    {
        nint query = *(nint*)(info + ProbeItem);
        return GstLibrary.Shared!.Pads.AcceptAnyLayout(query, HeldBuffers) ? ProbeHandled : ProbeOk;
    }

    private static YuvColor ColorOf(in GstVideoInfo info)
    {
        const int full = 1, matrix709 = 3; // GST_VIDEO_COLOR_RANGE_0_255, GST_VIDEO_COLOR_MATRIX_BT709
        return (info.Matrix == matrix709, info.Range == full) switch
        {
            (false, false) => YuvColor.Bt601Limited,
            (false, true) => YuvColor.Bt601Full,
            (true, false) => YuvColor.Bt709Limited,
            _ => YuvColor.Bt709Full,
        };
    }

    private bool ReadPlanes(nint buffer, ref PlanePlacement planes)
    {
        var meta = _library.Samples.MetaOf(buffer);
        if (meta == null) return false;
        for (int i = 0; i < PipelineSample.MostPlanes; i++) (planes.Offset[i], planes.Stride[i]) = (meta->Offset[i], meta->Stride[i]);
        return true;
    }

    private TimeSpan? AgeOf(nint sample, nint buffer)
    {
        ulong taken = _library.Samples.TimeOf(sample, buffer);
        if (taken == NoTime || _library.Elements.RunningTime(_pipeline) is not { } now) return null;
        long age = unchecked((long)(now - taken));
        return TimeSpan.FromTicks(age / TimeSpan.NanosecondsPerTick);
    }

    private PipelineMessage Read(nint message)
    {
        int kind = GstMessages.KindOf(message);
        if (kind == GstMessages.End) return new PipelineMessage(PipelineMessageKind.End, PipelineTrouble.Other, "", "", "");
        GError* error = null;
        byte* detail = null;
        _library.Messages.Read(message, &error, &detail);
        bool isLogin = error != null && error->Domain == _resourceErrors && error->Code == GstMessages.NotAuthorized;
        string text = _library.Objects.TakeText(error), more = _library.Objects.TakeText(detail);
        var reason = isLogin ? PipelineTrouble.Login
            : more.Contains(NotNegotiated, StringComparison.Ordinal) ? PipelineTrouble.Format : PipelineTrouble.Other;
        return new PipelineMessage(
            kind == GstMessages.Error ? PipelineMessageKind.Error : PipelineMessageKind.Warning, reason,
            _library.Objects.NameOf(GstMessages.SourceOf(message)), text, more);
    }
}
