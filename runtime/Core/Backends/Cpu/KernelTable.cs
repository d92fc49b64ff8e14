using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Add;
using ResNetEdge.Backends.Cpu.Attention;
using ResNetEdge.Backends.Cpu.Binary;
using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Backends.Cpu.Layout;
using ResNetEdge.Backends.Cpu.Lines;
using ResNetEdge.Backends.Cpu.Pool;
using ResNetEdge.Backends.Cpu.Product;
using ResNetEdge.Backends.Cpu.Quantize;
using ResNetEdge.Backends.Cpu.Recurrent;
using ResNetEdge.Backends.Cpu.Resize;
using ResNetEdge.Backends.Cpu.Unary;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu;

/// <summary>
/// Every kernel there is, best first for each kind of problem; planner, tests and benchmarks read the same table. A tier without
/// a kernel of its own for a problem takes the next lower tier's. Convolutions are in a file of their own.
/// </summary>
internal static partial class KernelTable
{
    /// <summary>
    /// Every entry; the order is meaning among those of one kind. What is written over lanes asks for its architecture where it is made: that is a
    /// constant for the compiler, and the native image of another architecture holds no code of those lanes.
    /// </summary>
    public static IReadOnlyList<KernelEntry> All { get; } =
    [
        .. Convolutions(),

        new KernelEntry<AddFp16Problem>(
            nameof(AddFp16NeonHalf), KernelTiers.NeonHalf, _ => true, p => AdvSimd.Arm64.IsSupported ? new AddFp16NeonHalf(p) : throw Foreign()),
        new KernelEntry<AddFp16Problem>(nameof(AddFp16Reference), KernelTiers.Scalar, _ => true, p => new AddFp16Reference(p)),

        new KernelEntry<ConvertFp16Problem>("ConvertFp16Avx2", KernelTiers.Avx2, _ => true, p => new ConvertFp16("ConvertFp16Avx2", p)),
        new KernelEntry<ConvertFp16Problem>(
            nameof(ConvertFp16NeonHalf), KernelTiers.NeonHalf, _ => true,
            p => AdvSimd.Arm64.IsSupported ? new ConvertFp16NeonHalf(p) : throw Foreign()),
        new KernelEntry<ConvertFp16Problem>("ConvertFp16AdvSimd", KernelTiers.Neon, _ => true, p => new ConvertFp16("ConvertFp16AdvSimd", p)),
        new KernelEntry<ConvertFp16Problem>(nameof(ConvertFp16Reference), KernelTiers.Scalar, _ => true, p => new ConvertFp16Reference(p)),

        new KernelEntry<MaxPoolProblem>("MaxPoolInt8Avx2", KernelTiers.Avx2, MaxPoolAvx2<byte>.CanRun, p => new MaxPoolAvx2<byte>(p)),
        new KernelEntry<MaxPoolProblem>("MaxPoolFp32Avx2", KernelTiers.Avx2, MaxPoolAvx2<float>.CanRun, p => new MaxPoolAvx2<float>(p)),
        new KernelEntry<MaxPoolProblem>("MaxPoolInt8AdvSimd", KernelTiers.Neon, MaxPoolAdvSimd<byte>.CanRun, p => new MaxPoolAdvSimd<byte>(p)),
        new KernelEntry<MaxPoolProblem>("MaxPoolFp32AdvSimd", KernelTiers.Neon, MaxPoolAdvSimd<float>.CanRun, p => new MaxPoolAdvSimd<float>(p)),
        new KernelEntry<MaxPoolProblem>(
            "MaxPoolInt8Reference", KernelTiers.Scalar, p => p.Type == ElementType.UInt8, p => new MaxPoolReference<byte>(p)),
        new KernelEntry<MaxPoolProblem>(
            "MaxPoolFp32Reference", KernelTiers.Scalar, p => p.Type == ElementType.Float32, p => new MaxPoolReference<float>(p)),
        new KernelEntry<MaxPoolProblem>(
            "MaxPoolFp16NeonHalf", KernelTiers.NeonHalf, p => PoolFp16NeonHalf.CanRun(p.Type, p.Shape),
            p => AdvSimd.Arm64.IsSupported ? new PoolFp16NeonHalf(p) : throw Foreign()),
        new KernelEntry<MaxPoolProblem>(
            "MaxPoolFp16Reference", KernelTiers.Scalar, p => p.Type == ElementType.Float16, p => new MaxPoolReference<Half>(p)),

        new KernelEntry<AveragePoolProblem>(
            nameof(AveragePoolInt8Avx2), KernelTiers.Avx2, AveragePoolInt8Avx2.CanRun, p => new AveragePoolInt8Avx2(p)),
        new KernelEntry<AveragePoolProblem>(
            nameof(AveragePoolFp32Avx2), KernelTiers.Avx2, AveragePoolFp32Avx2.CanRun, p => new AveragePoolFp32Avx2(p)),
        new KernelEntry<AveragePoolProblem>(
            nameof(AveragePoolInt8AdvSimd), KernelTiers.Neon, AveragePoolInt8AdvSimd.CanRun, p => new AveragePoolInt8AdvSimd(p)),
        new KernelEntry<AveragePoolProblem>(
            nameof(AveragePoolFp32AdvSimd), KernelTiers.Neon, AveragePoolFp32AdvSimd.CanRun, p => new AveragePoolFp32AdvSimd(p)),
        new KernelEntry<AveragePoolProblem>(
            nameof(AveragePoolInt8Reference), KernelTiers.Scalar, p => p.Type == ElementType.UInt8, p => new AveragePoolInt8Reference(p)),
        new KernelEntry<AveragePoolProblem>(
            "AveragePoolFp32Reference", KernelTiers.Scalar, p => p.Type == ElementType.Float32, p => new AveragePoolFloatReference<float>(p)),
        new KernelEntry<AveragePoolProblem>(
            "AveragePoolFp16NeonHalf", KernelTiers.NeonHalf, p => PoolFp16NeonHalf.CanRun(p.Type, p.Shape),
            p => AdvSimd.Arm64.IsSupported ? new PoolFp16NeonHalf(p) : throw Foreign()),
        new KernelEntry<AveragePoolProblem>(
            "AveragePoolFp16Reference", KernelTiers.Scalar, p => p.Type == ElementType.Float16, p => new AveragePoolFloatReference<Half>(p)),

        new KernelEntry<AddInt8Problem>(nameof(AddInt8Avx2), KernelTiers.Avx2, _ => true, p => new AddInt8Avx2(p)),
        new KernelEntry<AddInt8Problem>(nameof(AddInt8AdvSimd), KernelTiers.Neon, _ => true, p => new AddInt8AdvSimd(p)),
        new KernelEntry<AddInt8Problem>(nameof(AddInt8Reference), KernelTiers.Scalar, _ => true, p => new AddInt8Reference(p)),

        new KernelEntry<AddFp32Problem>(nameof(AddFp32Avx2), KernelTiers.Avx2, _ => true, p => new AddFp32Avx2(p)),
        new KernelEntry<AddFp32Problem>(nameof(AddFp32AdvSimd), KernelTiers.Neon, _ => true, p => new AddFp32AdvSimd(p)),
        new KernelEntry<AddFp32Problem>(nameof(AddFp32Reference), KernelTiers.Scalar, _ => true, p => new AddFp32Reference(p)),

        new KernelEntry<QuantizeLinearProblem>(nameof(QuantizeLinearAvx2), KernelTiers.Avx2, _ => true, p => new QuantizeLinearAvx2(p)),
        new KernelEntry<QuantizeLinearProblem>(nameof(QuantizeLinearAdvSimd), KernelTiers.Neon, _ => true, p => new QuantizeLinearAdvSimd(p)),
        new KernelEntry<QuantizeLinearProblem>(nameof(QuantizeLinearReference), KernelTiers.Scalar, _ => true, p => new QuantizeLinearReference(p)),

        new KernelEntry<DequantizeLinearProblem>(nameof(DequantizeLinearAvx2), KernelTiers.Avx2, _ => true, p => new DequantizeLinearAvx2(p)),
        new KernelEntry<DequantizeLinearProblem>(nameof(DequantizeLinearAdvSimd), KernelTiers.Neon, _ => true, p => new DequantizeLinearAdvSimd(p)),
        new KernelEntry<DequantizeLinearProblem>(
            nameof(DequantizeLinearReference), KernelTiers.Scalar, _ => true, p => new DequantizeLinearReference(p)),

        new KernelEntry<StridedCopyProblem>("StridedCopyAvx2", KernelTiers.Avx2, _ => true, p => new StridedCopyBlocks("StridedCopyAvx2", p)),
        new KernelEntry<StridedCopyProblem>("StridedCopyAdvSimd", KernelTiers.Neon, _ => true, p => new StridedCopyBlocks("StridedCopyAdvSimd", p)),
        new KernelEntry<StridedCopyProblem>(nameof(StridedCopyReference), KernelTiers.Scalar, _ => true, p => new StridedCopyReference(p)),

        new KernelEntry<ChannelMapProblem>(nameof(ChannelMapReference), KernelTiers.Scalar, _ => true, p => new ChannelMapReference(p)),

        new KernelEntry<SubsamplePadProblem>(nameof(SubsamplePadReference), KernelTiers.Scalar, _ => true, p => new SubsamplePadReference(p)),

        new KernelEntry<ResizeProblem>(
            nameof(ResizeFp32Avx2), KernelTiers.Avx2, static p => p.Type == ElementType.Float32, p => new ResizeFp32Avx2(p)),
        new KernelEntry<ResizeProblem>(
            nameof(ResizeFp32AdvSimd), KernelTiers.Neon, static p => p.Type == ElementType.Float32, p => new ResizeFp32AdvSimd(p)),
        new KernelEntry<ResizeProblem>(nameof(ResizeReference), KernelTiers.Scalar, _ => true, p => new ResizeReference(p)),

        new KernelEntry<UnaryFp32Problem>(
            nameof(UnaryFp32Avx512), KernelTiers.Avx512Bw, UnaryFp32Avx512.CanRun, p => new UnaryFp32Avx512(p)),
        new KernelEntry<UnaryFp32Problem>(
            "UnaryFp32Avx2", KernelTiers.Avx2, _ => true, p => Avx2.IsSupported ? UnaryFp32.Bind<Float32x8>("UnaryFp32Avx2", p) : throw Foreign()),
        new KernelEntry<UnaryFp32Problem>(
            "UnaryFp32AdvSimd", KernelTiers.Neon, _ => true,
            p => AdvSimd.Arm64.IsSupported ? UnaryFp32.Bind<Float32x4>("UnaryFp32AdvSimd", p) : throw Foreign()),
        new KernelEntry<UnaryFp32Problem>(
            "UnaryFp32Reference", KernelTiers.Scalar, _ => true, p => UnaryFp32.Bind<Float32x1>("UnaryFp32Reference", p)),

        new KernelEntry<BinaryFp32Problem>(
            "BinaryFp32Avx2", KernelTiers.Avx2, _ => true, p => Avx2.IsSupported ? BinaryFp32.Bind<Float32x8>("BinaryFp32Avx2", p) : throw Foreign()),
        new KernelEntry<BinaryFp32Problem>(
            "BinaryFp32AdvSimd", KernelTiers.Neon, _ => true,
            p => AdvSimd.Arm64.IsSupported ? BinaryFp32.Bind<Float32x4>("BinaryFp32AdvSimd", p) : throw Foreign()),
        new KernelEntry<BinaryFp32Problem>(
            "BinaryFp32Reference", KernelTiers.Scalar, _ => true, p => BinaryFp32.Bind<Float32x1>("BinaryFp32Reference", p)),

        new KernelEntry<BinaryInt8Problem>(
            "BinaryInt8Avx2", KernelTiers.Avx2, _ => true,
            p => Avx2.IsSupported ? BinaryInt8.Bind<Float32x8, Bytes8>("BinaryInt8Avx2", p) : throw Foreign()),
        new KernelEntry<BinaryInt8Problem>(
            "BinaryInt8AdvSimd", KernelTiers.Neon, _ => true,
            p => AdvSimd.Arm64.IsSupported ? BinaryInt8.Bind<Float32x4, Bytes4>("BinaryInt8AdvSimd", p) : throw Foreign()),
        new KernelEntry<BinaryInt8Problem>(
            "BinaryInt8Reference", KernelTiers.Scalar, _ => true, p => BinaryInt8.Bind<Float32x1, Bytes1>("BinaryInt8Reference", p)),

        new KernelEntry<UnaryInt8Problem>(nameof(UnaryInt8Avx2), KernelTiers.Avx2, _ => true, p => new UnaryInt8Avx2(p)),
        new KernelEntry<UnaryInt8Problem>(nameof(UnaryInt8AdvSimd), KernelTiers.Neon, _ => true, p => new UnaryInt8AdvSimd(p)),
        new KernelEntry<UnaryInt8Problem>(nameof(UnaryInt8Reference), KernelTiers.Scalar, _ => true, p => new UnaryInt8Reference(p)),

        new KernelEntry<SoftmaxFp32Problem>(
            "SoftmaxFp32Avx2", KernelTiers.Avx2, _ => true,
            p => Avx2.IsSupported ? new SoftmaxFp32<Float32x8, WideSums>("SoftmaxFp32Avx2", p) : throw Foreign()),
        new KernelEntry<SoftmaxFp32Problem>(
            "SoftmaxFp32AdvSimd", KernelTiers.Neon, _ => true,
            p => AdvSimd.Arm64.IsSupported ? new SoftmaxFp32<Float32x4, VectorSums>("SoftmaxFp32AdvSimd", p) : throw Foreign()),
        new KernelEntry<SoftmaxFp32Problem>(
            "SoftmaxFp32Reference", KernelTiers.Scalar, _ => true, p => new SoftmaxFp32<Float32x1, ScalarSums>("SoftmaxFp32Reference", p)),

        new KernelEntry<NormalizeFp32Problem>(
            "NormalizeFp32Avx2", KernelTiers.Avx2, _ => true,
            p => Avx2.IsSupported ? new NormalizeFp32<Float32x8>("NormalizeFp32Avx2", p) : throw Foreign()),
        new KernelEntry<NormalizeFp32Problem>(
            "NormalizeFp32AdvSimd", KernelTiers.Neon, _ => true,
            p => AdvSimd.Arm64.IsSupported ? new NormalizeFp32<Float32x4>("NormalizeFp32AdvSimd", p) : throw Foreign()),
        new KernelEntry<NormalizeFp32Problem>(
            "NormalizeFp32Reference", KernelTiers.Scalar, _ => true, p => new NormalizeFp32<Float32x1>("NormalizeFp32Reference", p)),

        new KernelEntry<InstanceNormFp32Problem>(
            "InstanceNormFp32Avx2", KernelTiers.Avx2, InstanceNormFp32Vector.CanRun, p => new InstanceNormFp32Vector("InstanceNormFp32Avx2", p)),
        new KernelEntry<InstanceNormFp32Problem>(
            "InstanceNormFp32AdvSimd", KernelTiers.Neon, InstanceNormFp32Vector.CanRun,
            p => new InstanceNormFp32Vector("InstanceNormFp32AdvSimd", p)),
        new KernelEntry<InstanceNormFp32Problem>(
            nameof(InstanceNormFp32Reference), KernelTiers.Scalar, _ => true, p => new InstanceNormFp32Reference(p)),

        new KernelEntry<MatMulFp32Problem>(
            "MatMulFp32Avx512", KernelTiers.Avx512Bw, _ => true, p => new MatMulFp32Packed<PanelTileAvx512>("MatMulFp32Avx512", p))
        {
            Scratch = MatMulFp32Packed<PanelTileAvx512>.ScratchBytes,
        },
        new KernelEntry<MatMulFp32Problem>(
            "MatMulFp32Avx2", KernelTiers.Avx2, _ => true,
            p => Avx2.IsSupported ? new MatMulFp32Packed<PanelTile<ConvFp32Avx2.Tile6x16>>("MatMulFp32Avx2", p) : throw Foreign())
        {
            Scratch = MatMulFp32Packed<PanelTile<ConvFp32Avx2.Tile6x16>>.ScratchBytes,
        },
        new KernelEntry<MatMulFp32Problem>(
            "MatMulFp32AdvSimd", KernelTiers.Neon, _ => true,
            p => AdvSimd.Arm64.IsSupported ? new MatMulFp32Packed<PanelTile<ConvFp32AdvSimd.Tile>>("MatMulFp32AdvSimd", p) : throw Foreign())
        {
            Scratch = MatMulFp32Packed<PanelTile<ConvFp32AdvSimd.Tile>>.ScratchBytes,
        },
        new KernelEntry<MatMulFp32Problem>(nameof(MatMulFp32Reference), KernelTiers.Scalar, _ => true, p => new MatMulFp32Reference(p)),

        new KernelEntry<AttentionFp32Problem>(
            "AttentionFp32Avx512", KernelTiers.Avx512Bw, AttentionFp32Blocks<PanelTileAvx512, Float32x8, WideSums>.CanRun,
            p => Avx2.IsSupported ? new AttentionFp32Blocks<PanelTileAvx512, Float32x8, WideSums>("AttentionFp32Avx512", p) : throw Foreign())
        {
            Scratch = AttentionFp32Blocks<PanelTileAvx512, Float32x8, WideSums>.ScratchBytes,
        },
        new KernelEntry<AttentionFp32Problem>(
            "AttentionFp32Avx2", KernelTiers.Avx2, AttentionFp32Blocks<PanelTile<ConvFp32Avx2.Tile6x16>, Float32x8, WideSums>.CanRun,
            p => Avx2.IsSupported
                ? new AttentionFp32Blocks<PanelTile<ConvFp32Avx2.Tile6x16>, Float32x8, WideSums>("AttentionFp32Avx2", p)
                : throw Foreign())
        {
            Scratch = AttentionFp32Blocks<PanelTile<ConvFp32Avx2.Tile6x16>, Float32x8, WideSums>.ScratchBytes,
        },
        new KernelEntry<AttentionFp32Problem>(
            "AttentionFp32RowsAvx2", KernelTiers.Avx2, _ => true,
            p => Avx2.IsSupported ? new AttentionFp32Rows<Float32x8, WideSums>("AttentionFp32RowsAvx2", p) : throw Foreign())
        {
            Scratch = AttentionFp32Rows<Float32x8, WideSums>.ScratchBytes,
        },
        new KernelEntry<AttentionFp32Problem>(
            "AttentionFp32AdvSimd", KernelTiers.Neon, AttentionFp32Blocks<PanelTile<ConvFp32AdvSimd.Tile>, Float32x4, VectorSums>.CanRun,
            p => AdvSimd.Arm64.IsSupported
                ? new AttentionFp32Blocks<PanelTile<ConvFp32AdvSimd.Tile>, Float32x4, VectorSums>("AttentionFp32AdvSimd", p)
                : throw Foreign())
        {
            Scratch = AttentionFp32Blocks<PanelTile<ConvFp32AdvSimd.Tile>, Float32x4, VectorSums>.ScratchBytes,
        },
        new KernelEntry<AttentionFp32Problem>(
            "AttentionFp32RowsAdvSimd", KernelTiers.Neon, _ => true,
            p => AdvSimd.Arm64.IsSupported ? new AttentionFp32Rows<Float32x4, VectorSums>("AttentionFp32RowsAdvSimd", p) : throw Foreign())
        {
            Scratch = AttentionFp32Rows<Float32x4, VectorSums>.ScratchBytes,
        },
        new KernelEntry<AttentionFp32Problem>(nameof(AttentionFp32Reference), KernelTiers.Scalar, _ => true, p => new AttentionFp32Reference(p))
        {
            Scratch = AttentionFp32Reference.ScratchBytes,
        },

        new KernelEntry<RecurrentFp32Problem>(
            "RecurrentFp32Avx512", KernelTiers.Avx512Bw, static p => p.Shape.Batch < RecurrentFp32Problem.MaxRows || p.Lengths is not null,
            p => Avx2.IsSupported
                ? new RecurrentFp32<Float32x8>("RecurrentFp32Avx512", p, static (w, hidden) => new StatePanelsAvx512(w, hidden))
                : throw Foreign()) { Scratch = static (p, threads) => threads * p.PartBytes },
        new KernelEntry<RecurrentFp32Problem>(
            "RecurrentFp32Avx2", KernelTiers.Avx2, static _ => true,
            p => Avx2.IsSupported
                ? new RecurrentFp32<Float32x8>("RecurrentFp32Avx2", p, static (w, hidden) => new StatePanels<Float32x8>(w, hidden))
                : throw Foreign()) { Scratch = static (p, threads) => threads * p.PartBytes },
        new KernelEntry<RecurrentFp32Problem>(
            "RecurrentFp32AdvSimd", KernelTiers.Neon, static _ => true,
            p => AdvSimd.Arm64.IsSupported
                ? new RecurrentFp32<Float32x4>("RecurrentFp32AdvSimd", p, static (w, hidden) => new StatePanels<Float32x4>(w, hidden))
                : throw Foreign()) { Scratch = static (p, threads) => threads * p.PartBytes },
        new KernelEntry<RecurrentFp32Problem>(
            "RecurrentFp32Reference", KernelTiers.Scalar, static _ => true,
            p => new RecurrentFp32<Float32x1>("RecurrentFp32Reference", p, static (w, hidden) => new StatePanels<Float32x1>(w, hidden)))
        {
            Scratch = static (p, threads) => threads * p.PartBytes,
        },

        new KernelEntry<ReferenceProblem>(nameof(OperatorReference), KernelTiers.Scalar, _ => true, p => new OperatorReference(p)),
    ];

    /// <summary>The entries for one kind of problem, best first.</summary>
    public static IReadOnlyList<KernelEntry<TProblem>> Of<TProblem>() where TProblem : StepProblem => [.. All.OfType<KernelEntry<TProblem>>()];

    /// <summary>The first entry that the tier includes and that handles the problem; null when no kernel does.</summary>
    public static KernelEntry? Best(StepProblem problem, KernelTier tier)
    {
        foreach (var entry in All)
        {
            if (entry.Takes(problem) && KernelTiers.Serves(entry.Tier, tier) && entry.Tier.IsAvailable)
                return entry;
        }

        return null;
    }

    /// <summary>Scratch memory with which every kernel of the problem's kind can run: which of them will is decided when it is prepared.</summary>
    public static long ScratchBytes(StepProblem problem, int threads) => All.Max(entry => entry.ScratchBytes(problem, threads));

    /// <summary>Checks the problem and binds the best kernel of the tier to it.</summary>
    /// <exception cref="EdgeException">Bad input: numbers with which the arithmetic would not be exact. The caller adds the layer's name.</exception>
    /// <exception cref="ArgumentException">The plan is wrong: a defect.</exception>
    public static PreparedKernel Prepare(StepProblem problem, KernelTier tier)
    {
        problem.Check();
        return Best(problem, tier)?.Prepare(problem) ?? throw new InvalidOperationException($"no kernel for {problem}");
    }

    private static NotSupportedException Foreign() => new("a kernel of another architecture");
}
