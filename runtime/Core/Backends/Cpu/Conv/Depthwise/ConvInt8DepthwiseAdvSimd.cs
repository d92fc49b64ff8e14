using System.Runtime.CompilerServices;
using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>
/// Depthwise convolution, sixteen channels at a time: the sums of a run of pixels (<see cref="DepthwiseInt8AdvSimd"/>), then their epilogue.
/// </summary>
internal sealed unsafe class ConvInt8DepthwiseAdvSimd : PreparedKernel
{
    private const int Lanes = FinishInt8.Lanes, ActivationOffset = 128;

    /// <summary>Pixels of a run: its input stays in the first-level cache from one panel to the next, and its sums beside it.</summary>
    private const int MostPixels = 64, LeastPixels = 8, RunBytes = 16 << 10;

    private readonly ConvInt8Problem _problem;
    private readonly Placement _residual;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<sbyte> _weights; // [panel][tap][16]
    private readonly NativeBlock<int> _bias;
    private readonly NativeBlock<float> _multiplier;
    private readonly FinishInt8 _finish;
    private readonly delegate*<in FinishInt8, void> _epilogue;
    private readonly int _runPixels;
    private readonly bool _pairsFit;

    public ConvInt8DepthwiseAdvSimd(ConvInt8Problem problem)
    {
        _problem = problem;
        _residual = problem.Residual?.Placement ?? default;
        _panels = ConvPanel.Strips(problem.Shape.OutputChannels, Lanes);
        _indirection = new Indirection(new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, 1));
        _bias = PackChannels.FoldedBias(problem, _panels, ActivationOffset);
        _multiplier = PackChannels.Floats(problem.Multiplier, _panels);
        _weights = PackDepthwise.Pack(problem.Weights.Span, problem.Shape, _panels);
        _runPixels = Math.Clamp(RunBytes / problem.Shape.OutputChannels, LeastPixels, MostPixels);
        _pairsFit = DepthwiseInt8AdvSimd.PairsFitIn(_weights, problem.Shape.Taps);
        _finish = FinishInt8.Of(problem);
        bool small = SumRange.IsSmall(problem);
        for (int i = 0; small && i < _bias.Count; i++)
            _bias.Data[i] += FinishInt8.SmallSum;
        _epilogue = EpilogueInt8AdvSimd.Of(problem, small);
    }

    public override string Name => nameof(ConvInt8DepthwiseAdvSimd);

    public override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes + _multiplier.Bytes;

    /// <summary>One input and one output channel a group.</summary>
    public static bool CanRun(ConvInt8Problem problem) =>
        problem.Shape is { Groups: > 1, GroupInputChannels: 1, GroupOutputChannels: 1 };

    [SkipLocalsInit]
    public override void Run(byte* arena, int part, int parts)
    {
        var p = _problem;
        var (start, end) = KernelPart.Range(p.Shape.Pixels, part, parts);
        int* sums = stackalloc int[MostPixels * Lanes];
        var run = new DepthwiseInt8AdvSimd { Sums = sums, TapPitch = _indirection.Pixels, Taps = p.Shape.Taps, PairsFit = _pairsFit };
        var finish = _finish with { Sums = sums };
        int size = p.FloatOutput ? sizeof(float) : 1;
        for (int pixel = start; pixel < end; pixel += _runPixels)
        {
            run.Pixels = finish.Width = Math.Min(_runPixels, end - pixel);
            run.Offsets = _indirection.Offsets + pixel;
            foreach (ref readonly var panel in _panels.AsSpan())
            {
                run.Input = arena + panel.First;
                run.Weights = _weights.Data + (long)panel.Lane * run.Taps;
                run.Bias = _bias.Data + panel.Lane;
                run.Run();
                finish.Multiplier = _multiplier.Data + panel.Lane;
                finish.Count = panel.Count;
                finish.Output = arena + p.Output.Offset + pixel * finish.PixelStride + panel.First * size;
                finish.Residual = arena + _residual.Offset + pixel * finish.ResidualPixelStride + panel.First;
                _epilogue(in finish);
            }
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _indirection.Dispose();
        _weights.Dispose();
        _bias.Dispose();
        _multiplier.Dispose();
    }
}
