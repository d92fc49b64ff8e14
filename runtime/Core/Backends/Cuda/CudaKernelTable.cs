using ResNetEdge.Device.Gpu;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary>Every kernel for GPUs, best first within its kind; the functions are in the folder Kernels. A new kernel is one line here.</summary>
internal static class CudaKernelTable
{
    private const int Oldest = CudaDevice.OldestProcessor, Ampere = 80;

    public static IReadOnlyList<CudaKernelEntry> All { get; } =
    [
        new CudaKernelEntry<ConvInt8Problem>("ConvInt8CudaMatrix", Ampere, ConvInt8Cuda.FitsMatrix, ConvInt8Cuda.Matrix),
        new CudaKernelEntry<ConvInt8Problem>("ConvInt8CudaDirect", Oldest, ConvInt8Cuda.FitsDirect, ConvInt8Cuda.Direct),
        new CudaKernelEntry<AddInt8Problem>("AddInt8Cuda", Oldest, p => Fits(p.Shape), ElementwiseCuda.Add),
        new CudaKernelEntry<MaxPoolProblem>("MaxPoolInt8Cuda", Oldest,
            p => p.Type == ElementType.UInt8 && Fits(p.Shape.Output), PoolInt8Cuda.Max),
        new CudaKernelEntry<AveragePoolProblem>("AveragePoolInt8Cuda", Oldest,
            p => p.Type == ElementType.UInt8 && Fits(p.Shape.Output) && PoolInt8Cuda.Fits(p), PoolInt8Cuda.Average),
        new CudaKernelEntry<UnaryInt8Problem>("UnaryInt8Cuda", Oldest, p => Fits(p.Shape), ElementwiseCuda.Table),
        new CudaKernelEntry<QuantizeLinearProblem>("QuantizeLinearCuda", Oldest, p => Fits(p.Shape), ElementwiseCuda.Quantize),
        new CudaKernelEntry<DequantizeLinearProblem>("DequantizeLinearCuda", Oldest, p => Fits(p.Shape), ElementwiseCuda.Dequantize),
        new CudaKernelEntry<SubsamplePadProblem>("SubsamplePadInt8Cuda", Oldest,
            p => p.Type == ElementType.UInt8 && Fits(p.Output), MovementCuda.SubsamplePad),
        new CudaKernelEntry<StridedCopyProblem>("StridedCopyCuda", Oldest, MovementCuda.Fits, MovementCuda.StridedCopy),
    ];

    /// <summary>The best kernel that takes a problem on such a processor, or null.</summary>
    public static CudaKernelEntry? Best(StepProblem problem, int processor)
    {
        foreach (var entry in All)
            if (entry.Processor <= processor && entry.Takes(problem)) return entry;
        return null;
    }

    /// <summary>Whether one thread for each element can be numbered in 31 bits.</summary>
    private static bool Fits(NhwcShape shape) => shape.Elements <= int.MaxValue - CudaStep.Threads;
}
