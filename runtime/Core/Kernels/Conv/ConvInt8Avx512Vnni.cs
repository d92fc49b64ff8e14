using ResNetEdge.Kernels.Emit;
using ResNetEdge.Kernels.Packing;

namespace ResNetEdge.Kernels.Conv;

/// <summary>
/// Convolution, u8 × s8 → s32 by <c>vpdpbusd</c>, up to 6 pixels × 64 channels, 14 × 32 or 14 × 16 a tile; machine code of our own,
/// runtime/KernelGenerator. Exact: four products are summed in 32 bits without saturation.
/// </summary>
internal sealed unsafe class ConvInt8Avx512Vnni : PreparedKernel
{
    private const int WidestPanel = 64, TileUnit = 6;
    private readonly ConvInt8Problem _problem;
    private readonly ConvLayout _layout;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<sbyte> _weights;
    private readonly NativeBlock<int> _bias;
    private readonly NativeBlock<float> _multiplier;
    private readonly int _steps;
    private readonly bool _weightsDominate;

    public ConvInt8Avx512Vnni(ConvInt8Problem problem)
    {
        _problem = problem;
        _layout = new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, 1);
        _panels = ConvPanel.Cut(_layout, WidestPanel);
        _indirection = new Indirection(_layout);
        _weights = PackInt8.Pack(problem.Weights.Span, _layout, _panels);
        _bias = PackChannels.FoldedBias(problem, _panels);
        _multiplier = PackChannels.Floats(problem.Multiplier, _panels);
        _steps = (_layout.TapLength + 3) / 4;
        _weightsDominate = _weights.Bytes > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
    }

    public override string Name => nameof(ConvInt8Avx512Vnni);

    public override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes + _multiplier.Bytes;

    /// <summary>Logits stay float and go to the next tier: one small layer is not worth a second epilogue in machine code.</summary>
    public static bool CanRun(ConvInt8Problem problem) => !problem.FloatOutput;

    public override void Run(byte* arena, int part, int parts)
    {
        var split = ConvSplit.Of(_problem.Shape.Pixels, _panels.Length, TileUnit, _weightsDominate, part, parts);
        if (split.PixelStart < split.PixelEnd)
        {
            for (int i = split.PanelStart; i < split.PanelEnd; i++)
                Panel(arena, _panels[i], split, isLast: i + 1 == split.PanelEnd);
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

    private void Panel(byte* arena, in ConvPanel panel, in ConvSplit split, bool isLast)
    {
        var p = _problem;
        int blocks = (_steps + 3) / 4, skip = blocks * 4 - _steps;
        long laneBytes = (long)_layout.Taps * _steps * 4;
        var args = new ConvArgs
        {
            Offsets = _indirection.Offsets + split.PixelStart,
            Base = arena + panel.Group * _layout.GroupInputChannels - skip * 4,
            Weights = _weights.Data + panel.Lane * laneBytes,
            Bias = _bias.Data + panel.Lane,
            Multiplier = _multiplier.Data + panel.Lane,
            Output = arena + p.Output.Offset + (long)split.PixelStart * p.Output.PixelStride + panel.First,
            OutputStride = p.Output.PixelStride,
            TapPitch = (long)_indirection.Pixels * sizeof(uint),
            Ahead = isLast ? 0 : panel.Width * laneBytes,
            Mask = ulong.MaxValue >> (64 - panel.Count),
            Taps = _layout.Taps,
            Blocks = blocks,
            Skip = skip,
            IsPlain = p is { OutputZeroPoint: 0, Low: 0, High: 255 } and ({ Residual: null } or { Residual.ZeroPoint: 0 }) ? 1 : 0,
            OutputZeroPoint = p.OutputZeroPoint,
            Low = p.Low,
        };
        new Span<byte>(args.High, 64).Fill(p.High);
        if (p.Residual is { } residual)
        {
            args.Residual = arena + residual.Placement.Offset + (long)split.PixelStart * residual.Placement.PixelStride + panel.First;
            args.ResidualStride = residual.Placement.PixelStride;
            args.ResidualZeroPoint = residual.ZeroPoint;
            args.ResidualScale = residual.Scale;
        }

        EmittedConv.Run(&args, split.PixelEnd - split.PixelStart, TileSet.Int8(panel.Width), panel.Width);
    }
}
