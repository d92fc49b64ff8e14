using ResNetEdge.Backends.Cpu.Add;
using ResNetEdge.Backends.Cpu.Conv.Depthwise;
using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Backends.Cpu.Layout;
using ResNetEdge.Backends.Cpu.Pool;
using ResNetEdge.Backends.Cpu.Quantize;
using ResNetEdge.Backends.Cpu.Unary;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu;

/// <summary>
/// Every kernel there is, best first for each kind of problem; planner, tests and benchmarks read the same tables. A tier without
/// a kernel of its own for a problem takes the next lower tier's.
/// </summary>
internal static class KernelTable
{
    public static IReadOnlyList<KernelEntry<ConvInt8Problem>> ConvInt8 { get; } =
    [
        new(nameof(ConvInt8DepthwiseAvx512Vnni), KernelTiers.Avx512Vnni, ConvInt8DepthwiseAvx512Vnni.CanRun, p => new ConvInt8DepthwiseAvx512Vnni(p)),
        new(nameof(ConvInt8DepthwiseAvx2), KernelTiers.Avx2, ConvInt8DepthwiseAvx2.CanRun, p => new ConvInt8DepthwiseAvx2(p)),
        new(nameof(ConvInt8QuadAvx512Vnni), KernelTiers.Avx512Vnni, ConvInt8QuadAvx512Vnni.CanRun, p => new ConvInt8QuadAvx512Vnni(p)),
        new(nameof(ConvInt8Amx), KernelTiers.Amx, ConvInt8Amx.CanRun, p => new ConvInt8Amx(p)),
        new(nameof(ConvInt8Avx512Vnni), KernelTiers.Avx512Vnni, ConvInt8Avx512Vnni.CanRun, p => new ConvInt8Avx512Vnni(p)),
        new(nameof(ConvInt8Avx512Bw), KernelTiers.Avx512Bw, ConvInt8Avx512Bw.CanRun, p => new ConvInt8Avx512Bw(p)),
        new(nameof(ConvInt8AvxVnni), KernelTiers.AvxVnni, _ => true, p => new ConvInt8AvxVnni(p)),
        new(nameof(ConvInt8Avx2), KernelTiers.Avx2, _ => true, p => new ConvInt8Avx2(p)),
        new(nameof(ConvInt8DepthwiseAdvSimd), KernelTiers.Neon, ConvInt8DepthwiseAdvSimd.CanRun, p => new ConvInt8DepthwiseAdvSimd(p)),
        new(nameof(ConvInt8Dp), KernelTiers.NeonDot, _ => true, p => new ConvInt8Dp(p)),
        new(nameof(ConvInt8AdvSimd), KernelTiers.Neon, _ => true, p => new ConvInt8AdvSimd(p)),
        new(nameof(ConvInt8Reference), KernelTiers.Scalar, _ => true, p => new ConvInt8Reference(p)),
    ];

    public static IReadOnlyList<KernelEntry<ConvFp32Problem>> ConvFp32 { get; } =
    [
        new(nameof(ConvFp32DepthwiseAvx2), KernelTiers.Avx2, ConvFp32DepthwiseAvx2.CanRun, p => new ConvFp32DepthwiseAvx2(p)),
        new(nameof(ConvFp32WinogradAvx512), KernelTiers.Avx512Bw, ConvFp32Winograd.CanRun, p => new ConvFp32WinogradAvx512(p)),
        new(nameof(ConvFp32Avx512), KernelTiers.Avx512Bw, _ => true, p => new ConvFp32Avx512(p)),
        new(nameof(ConvFp32WinogradAvx2), KernelTiers.Avx2, ConvFp32Winograd.CanRun, p => new ConvFp32WinogradAvx2(p)),
        new(nameof(ConvFp32Avx2), KernelTiers.Avx2, _ => true, p => new ConvFp32Avx2(p)),
        new(nameof(ConvFp32DepthwiseAdvSimd), KernelTiers.Neon, ConvFp32DepthwiseAdvSimd.CanRun, p => new ConvFp32DepthwiseAdvSimd(p)),
        new(nameof(ConvFp32AdvSimd), KernelTiers.Neon, _ => true, p => new ConvFp32AdvSimd(p)),
        new(nameof(ConvFp32Reference), KernelTiers.Scalar, _ => true, p => new ConvFp32Reference(p)),
    ];

    public static IReadOnlyList<KernelEntry<MaxPoolProblem>> MaxPool { get; } =
    [
        new("MaxPoolInt8Avx2", KernelTiers.Avx2, MaxPoolAvx2<byte>.CanRun, p => new MaxPoolAvx2<byte>(p)),
        new("MaxPoolFp32Avx2", KernelTiers.Avx2, MaxPoolAvx2<float>.CanRun, p => new MaxPoolAvx2<float>(p)),
        new("MaxPoolInt8AdvSimd", KernelTiers.Neon, MaxPoolAdvSimd<byte>.CanRun, p => new MaxPoolAdvSimd<byte>(p)),
        new("MaxPoolFp32AdvSimd", KernelTiers.Neon, MaxPoolAdvSimd<float>.CanRun, p => new MaxPoolAdvSimd<float>(p)),
        new("MaxPoolInt8Reference", KernelTiers.Scalar, p => p.Type == ElementType.UInt8, p => new MaxPoolReference<byte>(p)),
        new("MaxPoolFp32Reference", KernelTiers.Scalar, p => p.Type == ElementType.Float32, p => new MaxPoolReference<float>(p)),
    ];

    public static IReadOnlyList<KernelEntry<AveragePoolProblem>> AveragePool { get; } =
    [
        new(nameof(AveragePoolInt8Avx2), KernelTiers.Avx2, AveragePoolInt8Avx2.CanRun, p => new AveragePoolInt8Avx2(p)),
        new(nameof(AveragePoolFp32Avx2), KernelTiers.Avx2, AveragePoolFp32Avx2.CanRun, p => new AveragePoolFp32Avx2(p)),
        new(nameof(AveragePoolInt8AdvSimd), KernelTiers.Neon, AveragePoolInt8AdvSimd.CanRun, p => new AveragePoolInt8AdvSimd(p)),
        new(nameof(AveragePoolFp32AdvSimd), KernelTiers.Neon, AveragePoolFp32AdvSimd.CanRun, p => new AveragePoolFp32AdvSimd(p)),
        new(nameof(AveragePoolInt8Reference), KernelTiers.Scalar, p => p.Type == ElementType.UInt8, p => new AveragePoolInt8Reference(p)),
        new(nameof(AveragePoolFp32Reference), KernelTiers.Scalar, p => p.Type == ElementType.Float32, p => new AveragePoolFp32Reference(p)),
    ];

    public static IReadOnlyList<KernelEntry<AddInt8Problem>> AddInt8 { get; } =
    [
        new(nameof(AddInt8Avx2), KernelTiers.Avx2, _ => true, p => new AddInt8Avx2(p)),
        new(nameof(AddInt8AdvSimd), KernelTiers.Neon, _ => true, p => new AddInt8AdvSimd(p)),
        new(nameof(AddInt8Reference), KernelTiers.Scalar, _ => true, p => new AddInt8Reference(p)),
    ];

    public static IReadOnlyList<KernelEntry<AddFp32Problem>> AddFp32 { get; } =
    [
        new(nameof(AddFp32Avx2), KernelTiers.Avx2, _ => true, p => new AddFp32Avx2(p)),
        new(nameof(AddFp32AdvSimd), KernelTiers.Neon, _ => true, p => new AddFp32AdvSimd(p)),
        new(nameof(AddFp32Reference), KernelTiers.Scalar, _ => true, p => new AddFp32Reference(p)),
    ];

    public static IReadOnlyList<KernelEntry<QuantizeLinearProblem>> QuantizeLinear { get; } =
    [
        new(nameof(QuantizeLinearAvx2), KernelTiers.Avx2, _ => true, p => new QuantizeLinearAvx2(p)),
        new(nameof(QuantizeLinearAdvSimd), KernelTiers.Neon, _ => true, p => new QuantizeLinearAdvSimd(p)),
        new(nameof(QuantizeLinearReference), KernelTiers.Scalar, _ => true, p => new QuantizeLinearReference(p)),
    ];

    public static IReadOnlyList<KernelEntry<DequantizeLinearProblem>> DequantizeLinear { get; } =
    [
        new(nameof(DequantizeLinearAvx2), KernelTiers.Avx2, _ => true, p => new DequantizeLinearAvx2(p)),
        new(nameof(DequantizeLinearAdvSimd), KernelTiers.Neon, _ => true, p => new DequantizeLinearAdvSimd(p)),
        new(nameof(DequantizeLinearReference), KernelTiers.Scalar, _ => true, p => new DequantizeLinearReference(p)),
    ];

    public static IReadOnlyList<KernelEntry<NchwToNhwcProblem>> NchwToNhwc { get; } =
    [
        new(nameof(NchwToNhwcAvx2), KernelTiers.Avx2, NchwToNhwcAvx2.CanRun, p => new NchwToNhwcAvx2(p)),
        new(nameof(NchwToNhwcAdvSimd), KernelTiers.Neon, NchwToNhwcAdvSimd.CanRun, p => new NchwToNhwcAdvSimd(p)),
        new(nameof(NchwToNhwcReference), KernelTiers.Scalar, _ => true, p => new NchwToNhwcReference(p)),
    ];

    public static IReadOnlyList<KernelEntry<NhwcToNchwProblem>> NhwcToNchw { get; } =
    [
        new(nameof(NhwcToNchwReference), KernelTiers.Scalar, _ => true, p => new NhwcToNchwReference(p)),
    ];

    public static IReadOnlyList<KernelEntry<SubsamplePadProblem>> SubsamplePad { get; } =
    [
        new(nameof(SubsamplePadReference), KernelTiers.Scalar, _ => true, p => new SubsamplePadReference(p)),
    ];

    public static IReadOnlyList<KernelEntry<UnaryFp32Problem>> UnaryFp32 { get; } =
    [
        new("UnaryFp32Avx2", KernelTiers.Avx2, _ => true, p => Unary.UnaryFp32.Bind<Float32x8>("UnaryFp32Avx2", p)),
        new("UnaryFp32AdvSimd", KernelTiers.Neon, _ => true, p => Unary.UnaryFp32.Bind<Float32x4>("UnaryFp32AdvSimd", p)),
        new("UnaryFp32Reference", KernelTiers.Scalar, _ => true, p => Unary.UnaryFp32.Bind<Float32x1>("UnaryFp32Reference", p)),
    ];

    public static IReadOnlyList<KernelEntry<UnaryInt8Problem>> UnaryInt8 { get; } =
    [
        new(nameof(UnaryInt8Avx2), KernelTiers.Avx2, _ => true, p => new UnaryInt8Avx2(p)),
        new(nameof(UnaryInt8AdvSimd), KernelTiers.Neon, _ => true, p => new UnaryInt8AdvSimd(p)),
        new(nameof(UnaryInt8Reference), KernelTiers.Scalar, _ => true, p => new UnaryInt8Reference(p)),
    ];

    /// <summary>Checks the problem and binds the best kernel of the tier to it.</summary>
    /// <exception cref="EdgeException">Exit 3: numbers with which the arithmetic would not be exact. The caller adds the layer's name.</exception>
    /// <exception cref="ArgumentException">The plan is wrong: a defect.</exception>
    public static PreparedKernel Prepare(ConvInt8Problem problem, KernelTier tier)
    {
        ConvChecks.Check(problem);
        return Best(ConvInt8, problem, tier).Create(problem);
    }

    /// <inheritdoc cref="Prepare(ConvInt8Problem, KernelTier)"/>
    public static PreparedKernel Prepare(ConvFp32Problem problem, KernelTier tier)
    {
        ConvChecks.Check(problem);
        return Best(ConvFp32, problem, tier).Create(problem);
    }

    /// <inheritdoc cref="Prepare(ConvInt8Problem, KernelTier)"/>
    public static PreparedKernel Prepare(MaxPoolProblem problem, KernelTier tier)
    {
        problem.Check();
        return Best(MaxPool, problem, tier).Create(problem);
    }

    /// <inheritdoc cref="Prepare(ConvInt8Problem, KernelTier)"/>
    public static PreparedKernel Prepare(AveragePoolProblem problem, KernelTier tier)
    {
        problem.Check();
        return Best(AveragePool, problem, tier).Create(problem);
    }

    /// <inheritdoc cref="Prepare(ConvInt8Problem, KernelTier)"/>
    public static PreparedKernel Prepare(AddInt8Problem problem, KernelTier tier)
    {
        problem.Check();
        return Best(AddInt8, problem, tier).Create(problem);
    }

    /// <inheritdoc cref="Prepare(ConvInt8Problem, KernelTier)"/>
    public static PreparedKernel Prepare(AddFp32Problem problem, KernelTier tier)
    {
        problem.Check();
        return Best(AddFp32, problem, tier).Create(problem);
    }

    /// <inheritdoc cref="Prepare(ConvInt8Problem, KernelTier)"/>
    public static PreparedKernel Prepare(QuantizeLinearProblem problem, KernelTier tier)
    {
        problem.Check();
        return Best(QuantizeLinear, problem, tier).Create(problem);
    }

    /// <inheritdoc cref="Prepare(ConvInt8Problem, KernelTier)"/>
    public static PreparedKernel Prepare(DequantizeLinearProblem problem, KernelTier tier)
    {
        problem.Check();
        return Best(DequantizeLinear, problem, tier).Create(problem);
    }

    /// <inheritdoc cref="Prepare(ConvInt8Problem, KernelTier)"/>
    public static PreparedKernel Prepare(NchwToNhwcProblem problem, KernelTier tier)
    {
        problem.Check();
        return Best(NchwToNhwc, problem, tier).Create(problem);
    }

    /// <inheritdoc cref="Prepare(ConvInt8Problem, KernelTier)"/>
    public static PreparedKernel Prepare(NhwcToNchwProblem problem, KernelTier tier)
    {
        problem.Check();
        return Best(NhwcToNchw, problem, tier).Create(problem);
    }

    /// <inheritdoc cref="Prepare(ConvInt8Problem, KernelTier)"/>
    public static PreparedKernel Prepare(SubsamplePadProblem problem, KernelTier tier)
    {
        problem.Check();
        return Best(SubsamplePad, problem, tier).Create(problem);
    }

    /// <inheritdoc cref="Prepare(ConvInt8Problem, KernelTier)"/>
    public static PreparedKernel Prepare(UnaryFp32Problem problem, KernelTier tier)
    {
        problem.Check();
        return Best(UnaryFp32, problem, tier).Create(problem);
    }

    /// <inheritdoc cref="Prepare(ConvInt8Problem, KernelTier)"/>
    public static PreparedKernel Prepare(UnaryInt8Problem problem, KernelTier tier)
    {
        problem.Check();
        return Best(UnaryInt8, problem, tier).Create(problem);
    }

    /// <summary>The first entry that the tier includes and that handles the problem; the reference handles all.</summary>
    private static KernelEntry<TProblem> Best<TProblem>(IReadOnlyList<KernelEntry<TProblem>> entries, TProblem problem, KernelTier tier)
    {
        foreach (var entry in entries)
        {
            if (KernelTiers.Serves(entry.Tier, tier) && entry.Tier.IsAvailable && entry.CanRun(problem))
                return entry;
        }

        throw new InvalidOperationException($"no kernel for {problem}");
    }
}
