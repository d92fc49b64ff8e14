using System.Diagnostics;

namespace ResNetEdge.Device.Cameras;

/// <summary>
/// Frames of a stream, read on a thread of its own so that no wait is longer than asked. A live stream gives its newest frame and drops
/// older ones; a file waits for its frames to be taken.
/// </summary>
internal sealed unsafe class StreamCamera : ICamera
{
    private readonly CameraRequest _request;
    private readonly string _name; // of its frames, without secrets
    private readonly Func<CancellationToken, Stream> _open;
    private readonly IFrameParser _parser;
    private readonly bool _isLive;
    private readonly Pacer _pacer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _reader;
    private readonly object _turn = new();
    private StreamFrame _reading = new(), _given = new(), _spare = new();
    private StreamFrame? _ready;
    private CameraMode _mode;
    private bool _hasBegun, _hasEnded;
    private Exception? _failure;
    private long _dropped;
    private uint _sequence;

    /// <summary>Begins to read. Of a file the beginning is read before this returns.</summary>
    /// <param name="request">Name, rate of a file, whether a file begins again.</param>
    /// <param name="open">Opens the stream; asked again when a file begins again.</param>
    /// <param name="parser">Of its frames.</param>
    /// <param name="isLive">Frames come whether they are taken or not.</param>
    /// <param name="time">Of frames and rate.</param>
    /// <exception cref="EdgeException">Exit 3: a file that is not such a stream.</exception>
    /// <exception cref="CameraException">A file that cannot be read.</exception>
    public StreamCamera(CameraRequest request, Func<CancellationToken, Stream> open, IFrameParser parser, bool isLive, TimeProvider time)
    {
        (_request, _name, _open, _parser, _isLive) = (request, request.Device.ToString(), open, parser, isLive);
        _pacer = new Pacer(time, isLive ? 0 : request.FramesPerSecond);
        _mode = parser.Mode ?? new CameraMode(_name, default, 0, 0, 0);
        _reader = new Thread(Read) { IsBackground = true, Name = "camera stream" };
        _reader.Start();
        if (!isLive) WaitForBeginning();
    }

    /// <inheritdoc/>
    public CameraMode Mode
    {
        get
        {
            lock (_turn) return _mode;
        }
    }

    /// <inheritdoc/>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <inheritdoc/>
    public long Damaged => _parser.Damaged;

    /// <inheritdoc/>
    public CameraSignal Wait(TimeSpan timeout, out Frame frame)
    {
        frame = default;
        long start = Stopwatch.GetTimestamp();
        if (!_pacer.Wait(timeout)) return CameraSignal.Silence;
        lock (_turn)
        {
            while (_ready == null)
            {
                if (_hasEnded) return Ended();
                var left = timeout - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero) return CameraSignal.Silence;
                Monitor.Wait(_turn, left);
            }

            (_given, _spare, _ready) = (_ready, _given, null);
            Monitor.PulseAll(_turn);
        }

        _pacer.Passed();
        frame = new Frame
        {
            Data = _given.Bytes.Data,
            Length = _given.Length,
            Format = _given.Format,
            Width = _given.Width,
            Height = _given.Height,
            Stride = _given.Stride,
            Color = _given.Color,
            Sequence = _given.Sequence,
            Time = _isLive ? _given.Time : _pacer.Now, // a file waits for us
            Name = _name,
        };
        return CameraSignal.Frame;
    }

    /// <inheritdoc/>
    public void Release(in Frame frame)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_stop.IsCancellationRequested) return;
        _stop.Cancel();
        lock (_turn) Monitor.PulseAll(_turn);
        _reader.Join();
        _stop.Dispose();
        _pacer.Dispose();
        foreach (var memory in new[] { _reading, _given, _spare, _ready }) memory?.Dispose();
    }

    private void WaitForBeginning()
    {
        lock (_turn)
        {
            while (!_hasBegun && !_hasEnded) Monitor.Wait(_turn);
        }

        if (_hasBegun || _failure == null) return;
        Dispose();
        throw _failure is EdgeException ? _failure
            : new CameraException($"{_request.Device}: cannot be read ({_request.Device.HideIn(_failure.Message)})", _failure);
    }

    /// <summary>What a stream's end means: the last frame of a file, or a live stream to be opened again.</summary>
    private CameraSignal Ended()
    {
        if (_failure is CameraException known) throw new CameraException(known.Message, known);
        if (_failure != null)
            throw new CameraException($"{_request.Device}: the stream failed ({_request.Device.HideIn(_failure.Message)})", _failure);
        if (_isLive && _request.Loop) throw new CameraException($"{_request.Device}: the stream ended");
        return CameraSignal.Ended;
    }

    private void Read()
    {
        Exception? failure = null;
        try
        {
            uint before;
            do
            {
                before = _sequence;
                using var stream = _open(_stop.Token);
                ReadAll(new StreamBytes(stream));
            }
            while (!_isLive && _request.Loop && _sequence != before);
        }
        catch (Exception e) // handed to the thread that waits, which throws it on
        {
            failure = e;
        }

        lock (_turn)
        {
            (_failure, _hasEnded) = (failure, true);
            Monitor.PulseAll(_turn);
        }
    }

    private void ReadAll(StreamBytes bytes)
    {
        _parser.Begin(bytes);
        lock (_turn)
        {
            (_mode, _hasBegun) = (_parser.Mode ?? _mode, true);
            Monitor.PulseAll(_turn);
        }

        while (_parser.Read(bytes, _reading))
        {
            (_reading.Sequence, _reading.Time) = (_sequence++, _pacer.Now);
            if (!Hand()) return;
        }
    }

    /// <summary>Makes the frame that was read the one to be taken; false when it is time to stop.</summary>
    private bool Hand()
    {
        lock (_turn)
        {
            while (!_isLive && _ready != null && !_stop.IsCancellationRequested) Monitor.Wait(_turn);
            if (_stop.IsCancellationRequested) return false;
            if (_ready != null)
            {
                Interlocked.Increment(ref _dropped);
                (_ready, _reading) = (_reading, _ready);
            }
            else
            {
                (_ready, _reading) = (_reading, _spare);
            }

            Monitor.PulseAll(_turn);
            return true;
        }
    }
}
