using System.Diagnostics;
using System.Runtime.InteropServices;
using ResNetEdge.Device.Cameras;

namespace ResNetEdge.Benchmarks.Service;

/// <summary>A camera of frames in memory that are there at once, bright ones and dark ones in turns of ten; it fails now and then, and ends.</summary>
internal sealed unsafe class MemoryCamera : ICamera
{
    public const int Width = 640, Height = 480, Turn = 10;
    private const int Slack = 64;
    private readonly Func<uint, bool> _fails;
    private readonly Action _pace;
    private readonly long _frames;
    private readonly nint[] _pixels = new nint[2];
    private uint _sequence;

    /// <param name="first">Number of the first frame.</param>
    /// <param name="frames">After so many in all it ends.</param>
    /// <param name="fails">Whether it fails instead of giving frame n.</param>
    /// <param name="pace">Called before each frame.</param>
    public MemoryCamera(uint first, long frames, Func<uint, bool> fails, Action pace)
    {
        (_sequence, _frames, _fails, _pace) = (first, frames, fails, pace);
        for (int i = 0; i < 2; i++)
        {
            _pixels[i] = (nint)NativeMemory.Alloc((Width * Height * 2) + Slack);
            var bytes = new Span<byte>((void*)_pixels[i], Width * Height * 2);
            for (int k = 0; k < bytes.Length; k++) bytes[k] = (byte)(k % 2 == 1 ? 128 : i == 0 ? 235 : 16); // Y U Y V: white, black
        }
    }

    /// <summary>Number of the next frame.</summary>
    public uint Next => _sequence;

    public CameraMode Mode { get; } = new("memory", FourCc.Yuyv, Width, Height, 0);

    public long Dropped => 0;

    public long Damaged => 0;

    public CameraSignal Wait(TimeSpan timeout, out Frame frame)
    {
        frame = default;
        if (_sequence >= _frames) return CameraSignal.Ended;
        if (_fails(_sequence)) throw new CameraException("this camera fails now and then");
        _pace();
        frame = new Frame
        {
            Data = (byte*)_pixels[_sequence / Turn % 2],
            Length = Width * Height * 2,
            Format = FourCc.Yuyv,
            Width = Width,
            Height = Height,
            Stride = Width * 2,
            Sequence = _sequence++,
            Time = TimeSpan.FromTicks((long)(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / (double)TimeSpan.TicksPerSecond))),
            Name = "memory",
        };
        return CameraSignal.Frame;
    }

    public void Release(in Frame frame)
    {
    }

    public void Dispose()
    {
        foreach (nint pixels in _pixels) NativeMemory.Free((void*)pixels);
    }
}
