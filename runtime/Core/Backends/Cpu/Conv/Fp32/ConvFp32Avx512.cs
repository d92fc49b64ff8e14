using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Fp32;

/// <summary>
/// Convolution in float32 by 512-bit FMA, up to 6 pixels × 64 channels, 14 × 32 or 14 × 16 a tile; machine code of our own,
/// runtime/KernelGenerator. Starts from the bias, one FMA for each product; error bound: <see cref="ConvFp32Reference.ErrorBound"/>.
/// </summary>
internal sealed unsafe class ConvFp32Avx512 : PreparedKernel
{
    private const int TileUnit = 6;

    /// <summary>
    /// Panels of 64 channels whose weights are larger than this compete with the activations for a second-level cache of 1 MiB; 32 channels
    /// with twice the pixels per tile then win: 14x14x256 240 against 200 GFLOP/s, 7x7x512 218 against 170 (Zen 5).
    /// </summary>
    private const int WidePanelBytes = 384 << 10;

    private readonly ConvFp32Problem _problem;
    private readonly ConvLayout _layout;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<float> _weights;
    private readonly NativeBlock<float> _bias;
    private readonly bool _weightsDominate;

    public ConvFp32Avx512(ConvFp32Problem problem)
    {
        _problem = problem;
        _layout = new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, sizeof(float));
        _panels = ConvPanel.Cut(_layout, (long)_layout.Taps * _layout.TapLength * 64 * sizeof(float) > WidePanelBytes ? 32 : 64);
        _indirection = new Indirection(_layout);
        _weights = PackFp32.Pack(problem.Weights.Span, _layout, _panels);
        _bias = PackChannels.Floats(problem.Bias, _panels);
        _weightsDominate = _weights.Count > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
    }

    public override string Name => nameof(ConvFp32Avx512);

    public override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes;

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
    }

    private void Panel(byte* arena, in ConvPanel panel, in ConvSplit split, bool isLast)
    {
        var p = _problem;
        int blocks = (_layout.TapLength + 3) / 4, skip = blocks * 4 - _layout.TapLength;
        long laneElements = (long)_layout.Taps * _layout.TapLength;
        var args = new ConvArgs
        {
            Offsets = _indirection.Offsets + split.PixelStart,
            Base = arena + ((long)panel.Group * _layout.GroupInputChannels - skip) * sizeof(float),
            Weights = _weights.Data + panel.Lane * laneElements,
            Bias = _bias.Data + panel.Lane,
            Output = arena + p.Output.Offset + (long)split.PixelStart * p.Output.PixelStride + (long)panel.First * sizeof(float),
            OutputStride = p.Output.PixelStride,
            TapPitch = (long)_indirection.Pixels * sizeof(uint),
            Ahead = isLast ? 0 : panel.Width * laneElements * sizeof(float),
            Mask = ulong.MaxValue >> (64 - panel.Count),
            Taps = _layout.Taps,
            Blocks = blocks,
            Skip = skip,
            Low = BitConverter.SingleToInt32Bits(p.Low),
        };
        *(float*)args.High = p.High;
        if (p.Residual is { } residual)
        {
            args.Residual = arena + residual.Offset + (long)split.PixelStart * residual.PixelStride + (long)panel.First * sizeof(float);
            args.ResidualStride = residual.PixelStride;
        }

        EmittedConv.Run(NativeRunner.Instance, &args, split.PixelEnd - split.PixelStart, TileSet.Fp32(panel.Width), panel.Width);
    }
}
