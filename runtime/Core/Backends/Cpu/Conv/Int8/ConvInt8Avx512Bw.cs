using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// Convolution, u8 × s8 → s32, for processors with AVX-512 BW but no VNNI. Exact: activation bytes are split into even and odd ones and
/// 512-bit <c>vpmaddwd</c> sums pairs of 16-bit products in 32 bits, as <see cref="ConvInt8Avx2"/> does.
/// </summary>
internal sealed class ConvInt8Avx512Bw(ConvInt8Problem problem, ICodeRunner runner)
    : ConvInt8Emitted<ConvInt8Avx512Bw.Form, short>(problem, runner)
{
    public ConvInt8Avx512Bw(ConvInt8Problem problem) : this(problem, NativeRunner.Instance)
    {
    }

    public override string Name => nameof(ConvInt8Avx512Bw);

    /// <summary>s8 widened to s16, even and odd elements apart.</summary>
    internal readonly struct Form : IConvInt8Form<short>
    {
        public static int StepElements => PackInt8Pairs.StepElements;

        public static NativeBlock<short> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels) =>
            PackInt8Pairs.Pack(weights, layout, panels);

        public static ReadOnlySpan<int> Entries(int width) => TileSet.Int8Bw(width);
    }
}
