namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>
/// A camera behind a pipeline of GStreamer's: the newest frame in the pipeline's own memory. A frame costs no copy, no allocation of managed
/// memory and no managed code on the pipeline's threads.
/// </summary>
internal sealed unsafe class PipelineCamera : ICamera
{
    private static readonly TimeSpan OldestFrame = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50); // after which an error is noticed

    private readonly CameraRequest _request;
    private readonly IVideoPipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly bool _isFile;
    private readonly Pacer _pacer;
    private readonly PipelineWords _words;
    private PipelineSample _given;
    private PipelineFormat? _format;
    private nint _caps;
    private long _taken, _dropped;
    private bool _hasEnded, _gaveFrames; // since it began, or began again

    /// <summary>Starts a pipeline, which is disposed with the camera, and when this fails.</summary>
    /// <param name="request">What is wanted; its name, without secrets, stands in every message.</param>
    /// <param name="pipeline">Ready to start.</param>
    /// <param name="isFile">Its frames wait to be taken, and it ends.</param>
    /// <param name="time">Of frames and waits.</param>
    /// <param name="login">That the camera was given; null: none.</param>
    /// <exception cref="CameraException">It does not start.</exception>
    public PipelineCamera(CameraRequest request, IVideoPipeline pipeline, bool isFile, TimeProvider time, CameraLogin? login = null)
    {
        (_request, _pipeline, _isFile, _time) = (request, pipeline, isFile, time);
        _words = new PipelineWords(request.Device, login);
        _pacer = new Pacer(time, isFile ? request.FramesPerSecond : 0);
        Mode = new CameraMode(_words.Name, default, 0, 0, 0);
        try
        {
            if (pipeline.Start()) return;
            while (pipeline.TryTakeMessage(out var message))
            {
                if (message.Kind == PipelineMessageKind.Error) throw new CameraException(_words.Of(message));
            }

            throw new CameraException($"{_words.Name}: the pipeline does not start, and says no reason");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public CameraMode Mode { get; private set; }

    /// <inheritdoc/>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <inheritdoc/>
    public long Damaged { get; private set; }

    /// <inheritdoc/>
    public string? Warning { get; private set; }

    /// <inheritdoc/>
    public CameraSignal Wait(TimeSpan timeout, out Frame frame)
    {
        frame = default;
        long start = _time.GetTimestamp();
        if (!_pacer.Wait(timeout)) return CameraSignal.Silence;
        while (true)
        {
            HeedMessages();
            long arrived = _pipeline.Arrived;
            var left = timeout - _time.GetElapsedTime(start);
            if (_pipeline.TryPull(_hasEnded || left < TimeSpan.Zero ? TimeSpan.Zero : left < Slice ? left : Slice, out _given))
            {
                // One that had arrived may have been this one.
                if (!_isFile) _dropped = Math.Max(_dropped, arrived - _taken - 1);
                _taken++;
                if (TryUse(out frame)) return CameraSignal.Frame;
            }
            else if (_hasEnded)
            {
                if (!Continues()) return CameraSignal.Ended;
            }
            else if (left <= TimeSpan.Zero)
            {
                return CameraSignal.Silence;
            }
        }
    }

    /// <inheritdoc/>
    public void Release(in Frame frame) => GiveBack();

    /// <inheritdoc/>
    public void Dispose()
    {
        GiveBack();
        _pipeline.Dispose();
        _pacer.Dispose();
    }

    /// <exception cref="CameraException">It failed.</exception>
    private void HeedMessages()
    {
        while (_pipeline.TryTakeMessage(out var message))
        {
            if (message.Kind == PipelineMessageKind.Error) throw new CameraException(_words.Of(message));
            if (message.Kind == PipelineMessageKind.Warning) Warning = _words.Of(message);
            _hasEnded |= message.Kind == PipelineMessageKind.End;
        }
    }

    /// <summary>Whether there is more after the end: a file may begin again, and a stream that is live has no end.</summary>
    private bool Continues()
    {
        if (!_isFile) throw new CameraException($"{_words.Name}: the stream ended");
        if (!_request.Loop || !_gaveFrames) return false;
        if (!_pipeline.Rewind()) throw new CameraException($"{_words.Name}: cannot be played again from its beginning");
        (_hasEnded, _gaveFrames) = (false, false);
        return true;
    }

    private bool TryUse(out Frame frame)
    {
        frame = default;
        if (_format is null || _given.Caps != _caps) TakeFormat();
        string? fault = _given.IsDamaged ? "the decoder says that the picture is damaged" : null;
        FramePlacement place = default;
        if (fault is null && (fault = _format!.Fault(_given, out place)) is null)
        {
            frame = FrameAt(place);
            _gaveFrames = true;
            _pacer.Passed();
            return true;
        }

        Damaged++;
        if (!_given.IsDamaged) Warning = $"{Mode.Name}: its pipeline returned invalid data ({fault})";
        GiveBack();
        return false;
    }

    /// <summary>Frames are of another format or size from here on, or the first.</summary>
    private void TakeFormat()
    {
        var caps = _pipeline.ReadCaps(_given.Caps);
        if (!PipelineFormat.TryMake(caps, out var format, out string? fault))
            throw new CameraException($"{_words.Name}: its pipeline returned invalid data ({PrintableText.Line(fault)})");
        if (_request.Width > 0 && !format.Layout.IsCoded && (caps.Width != _request.Width || caps.Height != _request.Height))
            throw new CameraException($"{_words.Name}: gives frames of {caps.Width}x{caps.Height}, not of {_request.Width}x{_request.Height}; "
                + "leave width and height out, or choose another stream of the camera's");
        (_format, _caps) = (format, _given.Caps);
        string name = _pipeline.Decoder is { } decoder ? $"{_words.Name} ({decoder})" : _words.Name;
        Mode = new CameraMode(name, format.Layout.Format, caps.Width, caps.Height, caps.FramesPerSecond);
    }

    private Frame FrameAt(in FramePlacement place) => new()
    {
        Data = _given.Data + place.Start,
        Length = place.Length,
        Format = _format!.Layout.Format,
        Width = _format.Layout.IsCoded ? 0 : _format.Width,
        Height = _format.Layout.IsCoded ? 0 : _format.Height,
        Stride = place.Stride,
        Chroma = place.Chroma,
        Color = _format.Color,
        Sequence = unchecked((uint)(_taken + _dropped - 1)),
        Time = Taken(),
        Name = Mode.Name,
    };

    /// <summary>When the frame was taken, on the monotonic clock; the time of arrival where the pipeline's time makes no sense.</summary>
    private TimeSpan Taken()
    {
        var now = _time.Now();
        return !_isFile && _given.Age is { } age && age >= TimeSpan.Zero && age <= OldestFrame ? now - age : now;
    }

    private void GiveBack()
    {
        if (_given.Handle != 0) _pipeline.Return(_given);
        _given = default;
    }
}
