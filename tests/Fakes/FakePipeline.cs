using System.Runtime.InteropServices;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Cameras.Pipelines;

namespace ResNetEdge.Tests.Fakes;

/// <summary>A pipeline in memory: gives the frames and messages that it is told to, and time passes while nothing comes.</summary>
internal sealed unsafe class FakePipeline(FakeTime time) : IVideoPipeline
{
    public const int Width = 6, Height = 4;
    private readonly Queue<(PipelineSample Sample, byte Mark)> _frames = [];
    private readonly byte* _memory = (byte*)NativeMemory.AllocZeroed(1 << 16);
    private bool _isOut, _isDisposed;

    /// <summary>Whether <see cref="Start"/> succeeds.</summary>
    public bool Starts { get; set; } = true;

    /// <summary>By the number that samples carry.</summary>
    public Dictionary<nint, PipelineCaps> Caps { get; } = new() { [1] = Gray() };

    public Queue<PipelineMessage> Messages { get; } = [];

    public int Rewinds { get; private set; }

    /// <summary>Happens at each rewind.</summary>
    public Action? OnRewind { get; set; }

    /// <summary>Happens at each pull that finds nothing.</summary>
    public Action? OnSilence { get; set; }

    public long Arrived { get; set; }

    public string? Decoder { get; set; }

    public bool IsDisposed => _isDisposed;

    public bool AllReturned => !_isOut;

    /// <summary>Gray frames, rows of 8 bytes.</summary>
    public static PipelineCaps Gray(int width = Width, int height = Height)
    {
        var planes = default(PlanePlacement);
        planes.Stride[0] = 8;
        return new PipelineCaps("GRAY8", width, height, 25, YuvColor.Bt601Limited, planes);
    }

    public static PipelineMessage Error(string text, PipelineTrouble reason = PipelineTrouble.Other, string detail = "") =>
        new(PipelineMessageKind.Error, reason, "rtspsrc0", text, detail);

    public static PipelineMessage Warning(string text) => new(PipelineMessageKind.Warning, PipelineTrouble.Other, "avdec_h264-0", text, "");

    public static PipelineMessage End() => new(PipelineMessageKind.End, PipelineTrouble.Other, "", "", "");

    /// <summary>One more frame arrives; those whose first byte is 0 have no memory.</summary>
    public void Deliver(byte mark, nint caps = 1, ulong length = 8 * Height, bool isDamaged = false, TimeSpan? age = null)
    {
        Arrived++;
        var sample = new PipelineSample
        {
            Handle = mark == 0 ? 99 : mark,
            Caps = caps,
            Data = mark == 0 ? null : _memory,
            Length = length,
            IsDamaged = isDamaged,
            Age = age,
        };
        _frames.Enqueue((sample, mark));
    }

    public bool Start() => Starts;

    public bool TryPull(TimeSpan timeout, out PipelineSample sample)
    {
        Assert.False(_isOut, "a frame was not given back");
        Assert.False(_isDisposed, "a closed pipeline was asked for a frame");
        sample = default;
        if (!_frames.TryDequeue(out var next))
        {
            time.Advance(timeout);
            OnSilence?.Invoke();
            return false;
        }

        sample = next.Sample;
        *_memory = next.Mark;
        _isOut = true;
        return true;
    }

    public void Return(in PipelineSample sample)
    {
        Assert.True(_isOut, "a frame was given back twice");
        _isOut = false;
    }

    public PipelineCaps ReadCaps(nint caps) => Caps[caps];

    public bool TryTakeMessage(out PipelineMessage message) => Messages.TryDequeue(out message!);

    public bool Rewind()
    {
        Rewinds++;
        OnRewind?.Invoke();
        return true;
    }

    public void Dispose()
    {
        Assert.False(_isOut, "a frame was out when the pipeline was closed");
        Assert.False(_isDisposed, "closed twice");
        _isDisposed = true;
        NativeMemory.Free(_memory);
    }
}
