using System.Runtime.InteropServices;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cameras;

/// <summary>
/// A camera of Video4Linux2: frames in the driver's own memory, the newest first, older ones thrown away and counted. No process, no thread,
/// no allocation and no copy per frame.
/// </summary>
internal sealed unsafe class V4l2Camera : ICamera
{
    private const int MostIdleWakes = 64; // times that a driver may announce a frame and then have none, within one wait
    private const uint LargestGap = 10_000; // a larger one is a counter that began again
    private static readonly TimeSpan OldestFrame = TimeSpan.FromMinutes(1);

    private readonly IVideoDevice _device;
    private readonly TimeProvider _time;
    private readonly VideoNegotiation _negotiated;
    private readonly VideoBuffers _buffers;
    private readonly long _leastBytes;
    private uint? _lastSequence;
    private (uint Sequence, long Seconds, long Microseconds) _lastStamp;
    private bool _clockIsRight; // its times made sense before: an old one is then of an old frame
    private int _queueError;

    /// <summary>Whether a name is that of a device node: below /dev, whether it exists now or not.</summary>
    public static bool Knows(string device) => device.StartsWith("/dev/", StringComparison.Ordinal) && device != "/dev/stdin";

    /// <summary>Checks that a device of this machine exists.</summary>
    /// <exception cref="EdgeException">Exit 3: it is not a device.</exception>
    /// <exception cref="CameraException">It is not there now.</exception>
    public static void Check(CameraRequest request)
    {
        var kind = FileFacts.Of(request.Device.Whole).Kind;
        if (kind is FileKind.Missing) throw new CameraException($"{request.Device}: no such device at present");
        if (kind is not FileKind.Device)
            throw EdgeException.BadInput(
                $"{request.Device}: is {RegularFile.Named(kind)}, not a camera; cameras are /dev/videoN, or links below /dev/v4l");
    }

    /// <summary>Opens a device of this machine.</summary>
    /// <exception cref="EdgeException">Exit 3: the request can be met by no camera. Exit 5: no permission.</exception>
    /// <exception cref="CameraException">Not there, busy, failing, or without what is asked for: worth another try later.</exception>
    public static V4l2Camera Open(CameraRequest request) => new(request, LinuxVideoDevice.Open(request.Device.Whole), TimeProvider.System);

    /// <summary>Begins to stream from an open device, which is disposed with the camera, and when this fails.</summary>
    /// <exception cref="EdgeException">As for <see cref="Open"/>.</exception>
    /// <exception cref="CameraException">As for <see cref="Open"/>.</exception>
    public V4l2Camera(CameraRequest request, IVideoDevice device, TimeProvider time)
    {
        (_device, _time) = (device, time);
        try
        {
            string name = $"{request.Device} ({CardOf(request.Device.Whole)})";
            _negotiated = VideoNegotiation.Negotiate(device, name, request);
            _leastBytes = _negotiated.Layout.LeastBytes(_negotiated.Width, _negotiated.Stride, _negotiated.Height);
            _buffers = new VideoBuffers(device, name, _leastBytes);
            Mode = new CameraMode(name, _negotiated.Layout.Format, _negotiated.Width, _negotiated.Height, _negotiated.FramesPerSecond);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public CameraMode Mode { get; }

    /// <inheritdoc/>
    public long Dropped { get; private set; }

    /// <inheritdoc/>
    public long Damaged { get; private set; }

    /// <inheritdoc/>
    public CameraSignal Wait(TimeSpan timeout, out Frame frame)
    {
        long start = _time.GetTimestamp();
        int idleWakes = 0;
        while (true)
        {
            if (_queueError != 0) throw Failed("no longer accepts its buffers back", _queueError);
            if (TakeNewest(out frame)) return CameraSignal.Frame;
            var left = timeout - _time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero) return CameraSignal.Silence;
            int error = _device.Poll(left, out short events);
            if (error != 0) throw Failed("cannot be polled", error);
            if ((events & (Libc.PollError | Libc.PollHangUp | Libc.PollInvalid)) != 0) throw Gone(events);
            if (events != 0 && ++idleWakes > MostIdleWakes)
                throw new CameraException($"{Mode.Name}: its driver keeps announcing frames but has none");
        }
    }

    /// <inheritdoc/>
    public void Release(in Frame frame) => Queue((uint)frame.Buffer);

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffers.Dispose();
        _device.Dispose();
    }

    private string CardOf(string path)
    {
        V4l2Capability capability;
        int error = _device.Ioctl(V4l2.QueryCapability, &capability);
        if (error == Libc.Enotty) throw EdgeException.BadInput($"{path}: is not a camera; cameras are /dev/videoN, or links below /dev/v4l");
        if (error != 0) throw new CameraException($"{path}: the camera cannot be queried ({Marshal.GetPInvokeErrorMessage(error)})");
        string card = V4l2Capability.Words(capability.Card);
        uint can = (capability.Capabilities & V4l2.HasDeviceCapabilities) != 0 ? capability.DeviceCapabilities : capability.Capabilities;
        if ((can & V4l2.VideoCapture) == 0)
        {
            throw new CameraException((can & V4l2.VideoCaptureMultiPlanar) != 0
                ? $"{path} ({card}): provides only multi-planar frames, which are not supported; use the device node after its image processor"
                : $"{path} ({card}): does not capture video, at least at present; "
                    + "a camera often has a second node for other data: try the one before it");
        }

        return (can & V4l2.Streaming) != 0 ? card : throw new CameraException($"{path} ({card}): cannot stream into memory");
    }

    /// <summary>Takes all frames that are ready and keeps the newest that is whole; no more than there are buffers, so that it ends.</summary>
    private bool TakeNewest(out Frame frame)
    {
        frame = default;
        bool isTaken = false;
        for (int i = 0; i < _buffers.Count; i++)
        {
            var buffer = new V4l2Buffer { Type = V4l2.CaptureBuffer, Memory = V4l2.MemoryMapped };
            int error = _device.Ioctl(V4l2.Dequeue, &buffer);
            if (error == Libc.Eagain) break;
            if (error != 0) throw Failed(error == Libc.Enodev ? "is gone" : "failed", error);
            if (buffer.Index >= _buffers.Count)
                throw new CameraException($"{Mode.Name}: its driver returned invalid data (buffer {buffer.Index} of {_buffers.Count})");
            CountGap(buffer.Sequence);
            if (!IsWhole(buffer) || IsRepeated(buffer))
            {
                Damaged++;
                Queue(buffer.Index);
                continue;
            }

            if (isTaken)
            {
                Dropped++;
                Queue((uint)frame.Buffer);
            }

            frame = FrameOf(buffer);
            isTaken = true;
        }

        return isTaken;
    }

    /// <summary>Frames that the driver numbered and never gave. A number that repeats or falls is none.</summary>
    private void CountGap(uint sequence)
    {
        uint gap = unchecked(sequence - (_lastSequence ?? sequence));
        if (gap is > 1 and <= LargestGap) Dropped += gap - 1;
        _lastSequence = sequence;
    }

    /// <summary>Whether it is the previous frame again: a driver that hangs may give the same number and time again and again.</summary>
    private bool IsRepeated(in V4l2Buffer buffer)
    {
        var stamp = (buffer.Sequence, buffer.Seconds, buffer.Microseconds);
        bool hasTime = (buffer.Flags & V4l2.TimestampMask) == V4l2.TimestampMonotonic && (buffer.Seconds != 0 || buffer.Microseconds != 0);
        bool isSame = hasTime && stamp == _lastStamp;
        _lastStamp = stamp;
        return isSame;
    }

    private bool IsWhole(in V4l2Buffer buffer) => (buffer.Flags & V4l2.FlagError) == 0
        && buffer.BytesUsed >= Math.Max(_leastBytes, 1) && buffer.BytesUsed <= _buffers.Length(buffer.Index);

    private Frame FrameOf(in V4l2Buffer buffer) => new()
    {
        Data = _buffers.Data(buffer.Index),
        Length = (int)buffer.BytesUsed,
        Format = _negotiated.Layout.Format,
        Width = _negotiated.Width,
        Height = _negotiated.Height,
        Stride = _negotiated.Stride,
        Color = _negotiated.Color,
        Sequence = buffer.Sequence,
        Time = TimeOf(buffer),
        Name = Mode.Name,
        Buffer = (int)buffer.Index,
    };

    /// <summary>The driver's time where it is of the monotonic clock and makes sense, else the time of arrival.</summary>
    private TimeSpan TimeOf(in V4l2Buffer buffer)
    {
        var now = _time.Now();
        if ((buffer.Flags & V4l2.TimestampMask) != V4l2.TimestampMonotonic) return now;
        if (buffer.Seconds is < 0 or > int.MaxValue || buffer.Microseconds is < 0 or >= 1_000_000) return now;
        var taken = new TimeSpan((buffer.Seconds * TimeSpan.TicksPerSecond) + (buffer.Microseconds * TimeSpan.TicksPerMicrosecond));
        if (taken > now || (taken < now - OldestFrame && !_clockIsRight)) return now;
        _clockIsRight = true;
        return taken;
    }

    /// <summary>A buffer that the driver does not take back ends the stream at the next wait.</summary>
    private void Queue(uint index)
    {
        int error = _buffers.Queue(index);
        if (error != 0) _queueError = error;
    }

    /// <summary>Poll tells that something is wrong, the next call what.</summary>
    private CameraException Gone(short events)
    {
        var buffer = new V4l2Buffer { Type = V4l2.CaptureBuffer, Memory = V4l2.MemoryMapped };
        int error = _device.Ioctl(V4l2.Dequeue, &buffer);
        return error == 0
            ? new CameraException($"{Mode.Name}: the camera failed (poll returned 0x{events:x})")
            : Failed(error == Libc.Enodev || (events & Libc.PollHangUp) != 0 ? "is gone" : "failed", error);
    }

    private CameraException Failed(string how, int error) => new($"{Mode.Name}: the camera {how} ({Marshal.GetPInvokeErrorMessage(error)})");
}
