using System.Runtime.InteropServices;
using ResNetEdge.Device.Cameras;

namespace ResNetEdge.Tests.Fakes;

/// <summary>
/// A camera that does what it is told, a step a call: gray frames of one brightness, silence (which lets the time pass), failure, the end.
/// </summary>
internal sealed unsafe class FakeCamera : ICamera
{
    public const int Side = 16;
    private readonly FakeTime _time;
    private readonly Queue<FakeStep> _steps;
    private readonly TimeSpan _interval;
    private byte* _pixels = (byte*)NativeMemory.Alloc((Side * Side) + 64);
    private uint _sequence;
    private bool _isOut;

    public FakeCamera(FakeTime time, Queue<FakeStep> steps, TimeSpan? interval = null) =>
        (_time, _steps, _interval) = (time, steps, interval ?? TimeSpan.FromMilliseconds(40));

    public CameraMode Mode { get; init; } = new("fake", FourCc.Grey, Side, Side, 25);

    public long Dropped { get; set; }

    public long Damaged { get; set; }

    public bool IsDisposed => _pixels == null;

    public CameraSignal Wait(TimeSpan timeout, out Frame frame)
    {
        Assert.False(IsDisposed, "a closed camera was asked for a frame");
        Assert.False(_isOut, "a frame was not given back");
        frame = default;
        if (!_steps.TryDequeue(out var step)) step = FakeStep.Silence;
        switch (step.Kind)
        {
            case FakeStepKind.Silence:
                _time.Advance(timeout);
                return CameraSignal.Silence;
            case FakeStepKind.End:
                return CameraSignal.Ended;
            case FakeStepKind.Hang:
                step.During!();
                goto default;
            case FakeStepKind.Fail:
                throw new CameraException("the fake camera was told to fail");
            default:
                var before = _time.Now;
                _time.Advance(_interval);
                new Span<byte>(_pixels, Side * Side).Fill(step.Brightness);
                _isOut = true;
                frame = new Frame
                {
                    Data = _pixels,
                    Length = Side * Side,
                    Format = step.Format ?? FourCc.Grey,
                    Width = Side,
                    Height = Side,
                    Stride = Side,
                    Sequence = _sequence++,
                    Time = before + _interval - step.Age,
                    Name = "fake",
                };
                return CameraSignal.Frame;
        }
    }

    public void Release(in Frame frame)
    {
        Assert.True(_isOut, "a frame was given back twice");
        _isOut = false;
    }

    public void Dispose()
    {
        NativeMemory.Free(_pixels);
        _pixels = null;
    }
}

/// <summary>What a fake camera does next.</summary>
internal enum FakeStepKind
{
    Frame,
    Silence,
    Fail,
    Hang,
    End,
}

/// <summary>One step of a fake camera.</summary>
/// <param name="Kind">What the camera does in this step.</param>
/// <param name="Brightness">Of every pixel.</param>
/// <param name="Age">How long ago the frame was taken when it comes.</param>
/// <param name="Format">That it claims; null for GREY.</param>
/// <param name="During">What happens while the driver hangs.</param>
internal readonly record struct FakeStep(FakeStepKind Kind, byte Brightness = 0, TimeSpan Age = default, FourCc? Format = null, Action? During = null)
{
    /// <summary>A frame that claims to be a JPEG and is none.</summary>
    public static FakeStep Damaged => new(FakeStepKind.Frame, 7, default, FourCc.Mjpeg);

    /// <summary>A call that takes its time, and a bright frame in the end.</summary>
    public static FakeStep Hang(Action during) => new(FakeStepKind.Hang, 255, During: during);

    public static FakeStep Bright => new(FakeStepKind.Frame, 255);

    public static FakeStep Dark => new(FakeStepKind.Frame, 0);

    public static FakeStep Silence => new(FakeStepKind.Silence);

    public static FakeStep Fail => new(FakeStepKind.Fail);

    public static FakeStep End => new(FakeStepKind.End);

    public static FakeStep Late(TimeSpan age) => new(FakeStepKind.Frame, 0, age);
}
