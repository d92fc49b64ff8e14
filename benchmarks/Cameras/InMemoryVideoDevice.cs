using System.Runtime.InteropServices;
using System.Text;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Benchmarks.Cameras;

/// <summary>
/// A camera driver in memory, one layer below V4l2Camera: it answers the requests, fills buffers when told to, and misbehaves on request.
/// Benchmarks and tests put it where the kernel is.
/// </summary>
internal sealed unsafe class InMemoryVideoDevice : IVideoDevice
{
    private const uint PageBytes = 4096;

    private readonly List<(FourCc Format, int Width, int Height, double Rate)> _modes;
    private readonly Dictionary<uint, Queue<int>> _errors = [];
    private readonly Queue<uint> _free = new();
    private readonly Queue<V4l2Buffer> _ready = new();
    private byte*[] _buffers = [];
    private uint _sequence;

    /// <param name="modes">Listed in this order; the first is the format at the start.</param>
    public InMemoryVideoDevice(params IEnumerable<(FourCc Format, int Width, int Height, double Rate)> modes)
    {
        _modes = [.. modes];
        var (format, width, height, rate) = _modes[0];
        Rate = rate;
        Set(format, (uint)width, (uint)height);
    }

    /// <summary>Now set; a test may change what the driver answers.</summary>
    public V4l2Format Current;

    /// <summary>Changes the answer to S_FMT.</summary>
    public Func<V4l2Format, V4l2Format>? Answer { get; set; }

    /// <summary>Does what a wait should do: deliver, let time pass. Returns events and error; null waits in vain.</summary>
    public Func<TimeSpan, (short Events, int Error)>? OnPoll { get; set; }

    /// <summary>Changes a buffer as it is handed out.</summary>
    public Func<V4l2Buffer, V4l2Buffer>? Hand { get; set; }

    /// <summary>Bytes of a buffer; null: as the format needs.</summary>
    public uint? BufferBytes { get; set; }

    /// <summary>Buffers given at most.</summary>
    public uint MostBuffers { get; set; } = 32;

    /// <summary>Capabilities of the node.</summary>
    public uint Capabilities { get; set; } = V4l2.VideoCapture | V4l2.Streaming;

    /// <summary>Error of every request from now on; 0 for none.</summary>
    public int Dead { get; set; }

    /// <summary>Frames per second as set.</summary>
    public double Rate { get; private set; }

    /// <summary>Whether it streams.</summary>
    public bool IsStreaming { get; private set; }

    /// <summary>Whether it was closed, with nothing mapped.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Buffers mapped now.</summary>
    public int Mapped { get; private set; }

    /// <summary>Buffers that the driver holds.</summary>
    public int Free => _free.Count;

    /// <summary>Makes the next requests of a kind fail.</summary>
    public void Fail(uint request, params ReadOnlySpan<int> errors)
    {
        if (!_errors.TryGetValue(request, out var queue)) _errors.Add(request, queue = new Queue<int>());
        foreach (int error in errors) queue.Enqueue(error);
    }

    /// <summary>Takes a picture into the next free buffer; lost, as in a real driver, when there is none.</summary>
    /// <param name="mark">Written to the first byte.</param>
    /// <param name="flags">Besides the monotonic time's.</param>
    /// <param name="bytesUsed">Null: the whole picture.</param>
    /// <param name="skip">Numbers left out before it.</param>
    /// <param name="time">On the monotonic clock.</param>
    public void Deliver(byte mark = 0, uint flags = 0, uint? bytesUsed = null, uint skip = 0, TimeSpan time = default)
    {
        _sequence = unchecked(_sequence + skip);
        uint sequence = _sequence++;
        if (!_free.TryDequeue(out uint index)) return;
        *_buffers[index] = mark;
        _ready.Enqueue(new V4l2Buffer
        {
            Index = index,
            Type = V4l2.CaptureBuffer,
            BytesUsed = bytesUsed ?? Current.SizeImage,
            Flags = flags | V4l2.TimestampMonotonic,
            Seconds = time.Ticks / TimeSpan.TicksPerSecond,
            Microseconds = time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond,
            Sequence = sequence,
            Memory = V4l2.MemoryMapped,
        });
    }

    /// <summary>Fills every buffer with the same picture.</summary>
    public void Fill(ReadOnlySpan<byte> picture)
    {
        foreach (byte* buffer in _buffers) picture.CopyTo(new Span<byte>(buffer, (int)Length));
    }

    /// <inheritdoc/>
    public int Ioctl(uint request, void* argument)
    {
        if (Dead != 0) return Dead;
        if (_errors.TryGetValue(request, out var errors) && errors.TryDequeue(out int error)) return error;
        return request switch
        {
            V4l2.QueryCapability => Describe((V4l2Capability*)argument),
            V4l2.EnumFormats => List((V4l2FormatDescription*)argument),
            V4l2.EnumFrameSizes => List((V4l2FrameSize*)argument),
            V4l2.EnumFrameIntervals => List((V4l2FrameInterval*)argument),
            V4l2.GetFormat => Give((V4l2Format*)argument, Current),
            V4l2.SetFormat => SetFormat((V4l2Format*)argument),
            V4l2.GetParameters or V4l2.SetParameters => Parameters((V4l2StreamParameters*)argument, request == V4l2.SetParameters),
            V4l2.RequestBuffers => Allocate((V4l2BufferRequest*)argument),
            V4l2.QueryBuffer => Describe((V4l2Buffer*)argument),
            V4l2.Queue => Queue((V4l2Buffer*)argument),
            V4l2.Dequeue => Dequeue((V4l2Buffer*)argument),
            V4l2.StreamOn => Stream(true),
            V4l2.StreamOff => Stream(false),
            _ => Libc.Enotty,
        };
    }

    /// <inheritdoc/>
    public int Poll(TimeSpan timeout, out short events)
    {
        (events, int error) = OnPoll?.Invoke(timeout) ?? (_ready.Count > 0 ? Libc.PollIn : (short)0, 0);
        return error;
    }

    /// <inheritdoc/>
    public byte* Map(uint length, uint offset, out int error)
    {
        error = 0;
        Mapped++;
        return _buffers[offset / PageBytes];
    }

    /// <inheritdoc/>
    public void Unmap(byte* address, uint length) => Mapped--;

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        IsClosed = Mapped == 0;
    }

    private uint Length => BufferBytes ?? Current.SizeImage;

    private void Release()
    {
        foreach (byte* buffer in _buffers) NativeMemory.Free(buffer);
        _buffers = [];
        _free.Clear();
        _ready.Clear();
    }

    private void Set(FourCc format, uint width, uint height)
    {
        var layout = FrameLayouts.Of(format);
        int stride = layout?.LeastStride((int)width) ?? 0;
        (Current.Type, Current.Width, Current.Height, Current.PixelFormat) = (V4l2.CaptureBuffer, width, height, format.Code);
        Current.BytesPerLine = (uint)stride;
        Current.SizeImage = layout is { IsCoded: false } ? (uint)layout.LeastBytes((int)width, stride, (int)height) : width * height;
    }

    private int Describe(V4l2Capability* capability)
    {
        *capability = new V4l2Capability { Capabilities = V4l2.HasDeviceCapabilities, DeviceCapabilities = Capabilities };
        Encoding.UTF8.GetBytes("memory", capability->Driver);
        Encoding.UTF8.GetBytes("Camera in memory", capability->Card);
        return 0;
    }

    private int List(V4l2FormatDescription* format)
    {
        var formats = _modes.Select(m => m.Format).Distinct().ToList();
        if (format->Index >= formats.Count) return Libc.Einval;
        format->PixelFormat = formats[(int)format->Index].Code;
        return 0;
    }

    private int List(V4l2FrameSize* size)
    {
        uint code = size->PixelFormat;
        var sizes = _modes.Where(m => m.Format.Code == code).ToList();
        if (size->Index >= sizes.Count) return Libc.Einval;
        var mode = sizes[(int)size->Index];
        (size->Type, size->LeastWidth, size->MostWidth) = (V4l2.Discrete, (uint)mode.Width, (uint)mode.Height);
        return 0;
    }

    private int List(V4l2FrameInterval* interval)
    {
        var (code, width, height) = (interval->PixelFormat, interval->Width, interval->Height);
        var mode = _modes.FirstOrDefault(m => m.Format.Code == code && m.Width == width && m.Height == height);
        if (interval->Index > 0 || mode.Rate == 0) return Libc.Einval;
        (interval->Type, interval->Numerator, interval->Denominator) = (V4l2.Discrete, 100, (uint)(100 * mode.Rate));
        return 0;
    }

    private static int Give(V4l2Format* to, in V4l2Format format)
    {
        *to = format;
        return 0;
    }

    private int SetFormat(V4l2Format* format)
    {
        if (_buffers.Length > 0) return Libc.Ebusy;
        var asked = *format;
        var mode = _modes.FirstOrDefault(m => m.Format.Code == asked.PixelFormat && m.Width == asked.Width && m.Height == asked.Height);
        if (mode.Width == 0) mode = _modes.FirstOrDefault(m => m.Format.Code == asked.PixelFormat);
        if (mode.Width == 0) mode = _modes[0]; // as drivers do: something else instead of an error
        Set(mode.Format, (uint)mode.Width, (uint)mode.Height);
        if (Answer != null) Current = Answer(Current);
        return Give(format, Current);
    }

    private int Parameters(V4l2StreamParameters* parameters, bool set)
    {
        double most = _modes.First(m => m.Format.Code == Current.PixelFormat).Rate;
        if (set) Rate = Math.Min(most, (double)parameters->SecondsDenominator / parameters->SecondsNumerator);
        (parameters->Capability, parameters->SecondsNumerator, parameters->SecondsDenominator) = (V4l2.TimePerFrame, 100, (uint)(100 * Rate));
        return 0;
    }

    private int Allocate(V4l2BufferRequest* request)
    {
        Release();
        request->Count = Math.Min(request->Count, MostBuffers);
        _buffers = new byte*[request->Count];
        for (int i = 0; i < _buffers.Length; i++) _buffers[i] = (byte*)NativeMemory.AllocZeroed(Math.Max(Length, 1));
        return 0;
    }

    private int Describe(V4l2Buffer* buffer)
    {
        if (buffer->Index >= _buffers.Length) return Libc.Einval;
        (buffer->Length, buffer->Offset) = (Length, buffer->Index * PageBytes);
        return 0;
    }

    private int Queue(V4l2Buffer* buffer)
    {
        if (buffer->Index >= _buffers.Length || _free.Contains(buffer->Index)) return Libc.Einval;
        _free.Enqueue(buffer->Index);
        return 0;
    }

    private int Dequeue(V4l2Buffer* buffer)
    {
        if (!_ready.TryDequeue(out var next)) return Libc.Eagain;
        *buffer = Hand == null ? next : Hand(next);
        return 0;
    }

    private int Stream(bool on)
    {
        IsStreaming = on;
        if (!on) _ready.Clear();
        return 0;
    }
}
