using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Backends.Cpu.Conv.WinogradFp16;
using ResNetEdge.Backends.Cpu.Conv.WinogradRows;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu;

/// <summary>The processor: the best kernels of one tier and of the tiers below it.</summary>
/// <param name="tier">Kernels of this tier and lower ones.</param>
/// <param name="allowsWinograd">Whether float convolutions may be computed by Winograd's method, or in groups of pixels.</param>
/// <param name="prefersHalfReference">Whether float16 is computed by the references too, for tests of plans on processors without half
/// arithmetic.</param>
internal sealed class CpuBackend(KernelTier tier, bool allowsWinograd = true, bool prefersHalfReference = false) : IBackend
{
    public string Name => tier.Name;

    public bool Takes(StepProblem problem) => KernelTable.Best(Chosen(problem), tier) is not null;

    public long ScratchBytes(StepProblem problem, int threads) => KernelTable.ScratchBytes(Chosen(problem), threads);

    public bool PrefersHalf(StepProblem problem) =>
        KernelTable.Best(Chosen(problem), tier) is { } entry && (prefersHalfReference || entry.Tier != KernelTiers.Scalar);

    public double Cost(ConvShape shape) => ConvFp32Cost.Of(shape, tier, allowsWinograd);

    public IStepKernel Prepare(StepProblem problem) => KernelTable.Prepare(Chosen(problem), tier);

    /// <summary>
    /// A float convolution in groups of pixels or by Winograd's method where that is predicted to win: a decision of layer and tier alone.
    /// </summary>
    private StepProblem Chosen(StepProblem problem)
    {
        if (problem is ConvFp16Problem half && allowsWinograd && KernelTiers.Serves(KernelTiers.NeonHalf, tier)
            && ConvFp16WinogradNeonHalf.HasShape(half.Shape) && ConvFp32Cost.WinogradOutputs(half.Shape, tier) is > 0 and var side)
            return new ConvFp16WinogradProblem(half, side); // Products and weights are half of float32's: what wins there wins here.
        if (problem is not ConvFp32Problem conv) return problem;
        if (allowsWinograd && tier != KernelTiers.Scalar && PixelGroups.Of(conv) is > 1 and var pixels
            && PixelGroups.Widen(conv, pixels) is var wide && Cost(wide.Shape) < Cost(conv.Shape))
            return wide;
        if (allowsWinograd && ConvFp32Cost.RowsPay(conv.Shape, tier) && new ConvFp32WinogradRowsProblem(conv) is var rows
            && KernelTable.Best(rows, tier) is not null)
            return rows;
        return allowsWinograd && ConvFp32Cost.WinogradOutputs(conv.Shape, tier) is > 0 and var outputs
            ? new ConvFp32WinogradProblem(conv, outputs) : problem;
    }
}
