using System.Runtime.InteropServices;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cameras;

/// <summary>
/// The driver's buffers, mapped for reading. Frames are converted straight out of them, so that neither DMA-BUF nor user pointers
/// would save a copy: there is none.
/// </summary>
internal sealed unsafe class VideoBuffers : IDisposable
{
    private const uint Wanted = 4, Fewest = 2;

    private readonly IVideoDevice _device;
    private readonly string _name;
    private readonly byte*[] _data = new byte*[Wanted];
    private readonly uint[] _lengths = new uint[Wanted];
    private bool _isStreaming;

    /// <summary>Makes and maps buffers, gives all to the driver and starts the stream.</summary>
    /// <param name="device">With its format set; stays the caller's.</param>
    /// <param name="name">For messages.</param>
    /// <param name="leastBytes">That a buffer must have.</param>
    /// <exception cref="CameraException">The driver refuses.</exception>
    public VideoBuffers(IVideoDevice device, string name, long leastBytes)
    {
        (_device, _name) = (device, name);
        try
        {
            Start(leastBytes);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>First byte of a buffer.</summary>
    public byte* Data(uint index) => _data[index];

    /// <summary>Bytes of a buffer.</summary>
    public uint Length(uint index) => _lengths[index];

    /// <summary>Gives a buffer to the driver; asked twice, since drivers are known that refuse once.</summary>
    /// <returns>0, or the error number.</returns>
    public int Queue(uint index)
    {
        int error = 0;
        for (int attempt = 0; attempt < 2; attempt++)
        {
            var buffer = new V4l2Buffer { Index = index, Type = V4l2.CaptureBuffer, Memory = V4l2.MemoryMapped };
            error = _device.Ioctl(V4l2.Queue, &buffer);
            if (error == 0) break;
        }

        return error;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        uint type = V4l2.CaptureBuffer;
        if (_isStreaming) _ = _device.Ioctl(V4l2.StreamOff, &type); // a device that is gone refuses; its memory is let go all the same
        _isStreaming = false;
        for (int i = 0; i < Count; i++)
        {
            if (_data[i] != null) _device.Unmap(_data[i], _lengths[i]);
            _data[i] = null;
        }

        if (Count == 0) return;
        var none = new V4l2BufferRequest { Count = 0, Type = V4l2.CaptureBuffer, Memory = V4l2.MemoryMapped };
        _ = _device.Ioctl(V4l2.RequestBuffers, &none);
        Count = 0;
    }

    private void Start(long leastBytes)
    {
        var request = new V4l2BufferRequest { Count = Wanted, Type = V4l2.CaptureBuffer, Memory = V4l2.MemoryMapped };
        Call(V4l2.RequestBuffers, &request, "it provides no buffers");
        if (request.Count < Fewest) throw new CameraException($"{_name}: it provides {request.Count} buffers, but a stream needs at least {Fewest}");
        Count = (int)Math.Min(request.Count, Wanted);
        for (uint i = 0; i < Count; i++)
        {
            var buffer = new V4l2Buffer { Index = i, Type = V4l2.CaptureBuffer, Memory = V4l2.MemoryMapped };
            Call(V4l2.QueryBuffer, &buffer, "its buffers cannot be queried");
            if (buffer.Length < Math.Max(leastBytes, 1) || buffer.Length > FrameLayout.MaxBytes)
                throw new CameraException(
                    $"{_name}: its driver returned invalid data (a buffer of {buffer.Length} bytes where {leastBytes} are needed)");
            _data[i] = _device.Map(buffer.Length, buffer.Offset, out int error);
            if (_data[i] == null) throw new CameraException($"{_name}: its buffers cannot be mapped ({Marshal.GetPInvokeErrorMessage(error)})");
            _lengths[i] = buffer.Length;
        }

        for (uint i = 0; i < Count; i++)
        {
            int error = Queue(i);
            if (error != 0) throw new CameraException($"{_name}: it accepts no buffers ({Marshal.GetPInvokeErrorMessage(error)})");
        }

        uint type = V4l2.CaptureBuffer;
        Call(V4l2.StreamOn, &type, "its stream does not start");
        _isStreaming = true;
    }

    private void Call(uint request, void* argument, string otherwise)
    {
        int error = _device.Ioctl(request, argument);
        if (error != 0) throw new CameraException($"{_name}: {otherwise} ({Marshal.GetPInvokeErrorMessage(error)})");
    }
}
