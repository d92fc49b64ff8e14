using ResNetEdge.Backends.Cpu.Conv.Fp16;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>
/// Depthwise convolution in half precision by machine code: four pixels of a row × 8 channels where no tap lies beside the picture, elsewhere one
/// pixel. The bias, then one FMA a tap, without those outside the picture; error bound: <see cref="ConvFp16Reference.ErrorBound"/>.
/// </summary>
internal sealed unsafe class ConvFp16DepthwiseNeonHalf : PreparedKernel
{
    private const int Lanes = HalfVector.Lanes, Pixels = HalfDepthwiseArgs.Pixels;
    private readonly DepthwiseWalk _walk;
    private readonly int _channels, _four;
    private readonly HalfVector _low, _high;
    private readonly NativeBlock<Half> _weights; // [channel / 8][tap][8]
    private readonly NativeBlock<Half> _bias;

    public ConvFp16DepthwiseNeonHalf(ConvFp16Problem problem)
    {
        var s = problem.Shape;
        _channels = s.OutputChannels;
        (_low, _high) = (HalfVector.Of(problem.Low), HalfVector.Of(problem.High));
        _walk = new DepthwiseWalk(problem, Pixels);
        var panels = ConvPanel.Strips(_channels, Lanes);
        _bias = PackFp16.Channels(problem.Bias, panels);
        Half[] weights = new Half[problem.Weights.Length];
        HalfNumbers.Narrow(problem.Weights.Span, weights);
        _weights = PackDepthwise.Pack<Half>(weights, s, panels);
        _four = (s.KernelWidth, s.StrideWidth) switch
        {
            (3, 1) => KernelsArm64.HalfDepthwise3x1,
            (3, _) => KernelsArm64.HalfDepthwise3x2,
            (_, 1) => KernelsArm64.HalfDepthwise5x1,
            _ => KernelsArm64.HalfDepthwise5x2,
        };
    }

    public override string Name => nameof(ConvFp16DepthwiseNeonHalf);

    public override long PackedBytes => _weights.Bytes + _bias.Bytes;

    /// <summary>Square filters of 3 or 5, strides 1 and 2; channels fill vectors.</summary>
    public static bool CanRun(ConvFp16Problem problem) => DepthwiseShape.Is(problem.Shape) && problem.Shape.OutputChannels % Lanes == 0
        && problem.Shape is { DilationHeight: 1, DilationWidth: 1, KernelWidth: 3 or 5, StrideWidth: 1 or 2 } s
        && s.KernelHeight == s.KernelWidth && s.StrideHeight == s.StrideWidth;

    /// <summary>Roundings to half precision between a product and the output: taps and bias, residual.</summary>
    public static int Roundings(int depth) => depth + 1;

    public override void Run(byte* arena, int part, int parts)
    {
        ref readonly var walk = ref _walk;
        var (start, end) = KernelPart.Range(walk.Lines, part, parts);
        var args = new HalfDepthwiseArgs
        {
            Bias = (byte*)_bias.Data,
            PixelStride = walk.InputStride,
            RowStride = walk.NextRow,
            OutputStride = walk.OutputStride,
            ResidualStride = walk.ResidualStride,
            WeightRow = walk.KernelWidth * Lanes * HalfNumbers.Size,
            WeightPitch = walk.Taps * Lanes * HalfNumbers.Size,
            Vectors = _channels / Lanes,
            Low = _low,
            High = _high,
        };
        for (int line = start; line < end; line++)
        {
            var row = walk.Row(arena, line);
            for (int x = 0; x < walk.OutputWidth;)
            {
                bool isInner = x >= walk.InnerStart && x < walk.InnerEnd;
                int at = x * walk.StrideWidth - walk.PadLeft, first = isInner ? 0 : Math.Clamp(-at, 0, walk.KernelWidth);
                args.Columns = Math.Min(walk.KernelWidth, walk.InputWidth - at) - first;
                args.Input = row.Input + (at + first) * walk.InputStride;
                args.Weights = (byte*)(_weights.Data + (row.FirstTap + first) * Lanes);
                args.Output = row.Output + x * walk.OutputStride;
                args.Residual = row.Residual == null ? null : row.Residual + x * walk.ResidualStride;
                args.Rows = args.Columns > 0 ? row.Taps : 0; // All of a pixel's taps may lie beside the picture.
                EmittedArm64.Call(isInner ? _four : KernelsArm64.HalfDepthwise, &args);
                x += isInner ? Pixels : 1;
            }
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _weights.Dispose();
        _bias.Dispose();
    }
}
