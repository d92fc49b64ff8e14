using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>Convolution, u8 × s8 → s32 by 512-bit <c>vpdpbusd</c>. Exact: four products are summed in 32 bits without saturation.</summary>
internal sealed class ConvInt8Avx512Vnni(ConvInt8Problem problem, ICodeRunner runner)
    : ConvInt8Emitted<ConvInt8Avx512Vnni.Form, sbyte>(problem, runner)
{
    public ConvInt8Avx512Vnni(ConvInt8Problem problem) : this(problem, NativeRunner.Instance)
    {
    }

    public override string Name => nameof(ConvInt8Avx512Vnni);

    /// <summary>s8 as they are.</summary>
    internal readonly struct Form : IConvInt8Form<sbyte>
    {
        public static int StepElements => PackInt8.StepElements;

        public static NativeBlock<sbyte> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels) =>
            PackInt8.Pack(weights, layout, panels);

        public static ReadOnlySpan<int> Entries(int width) => TileSet.Int8(width);
    }
}
