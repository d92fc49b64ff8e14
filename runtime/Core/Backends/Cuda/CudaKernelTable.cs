using ResNetEdge.Device.Gpu;
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
        new CudaKernelEntry<ConvFp32Problem>("ConvFp32CudaTiles", Oldest, ConvFloatCuda.FitsTiles, ConvFloatCuda.Tiles),
        new CudaKernelEntry<ConvFp32Problem>("ConvFp32CudaDirect", Oldest, ConvFloatCuda.FitsDirect, ConvFloatCuda.Direct),
        new CudaKernelEntry<ConvFp16Problem>("ConvFp16CudaMatrix", Ampere, ConvFloatCuda.FitsTiles, ConvFloatCuda.Matrix),
        new CudaKernelEntry<ConvFp16Problem>("ConvFp16CudaTiles", Oldest, ConvFloatCuda.FitsTiles, ConvFloatCuda.Tiles),
        new CudaKernelEntry<ConvFp16Problem>("ConvFp16CudaDirect", Oldest, ConvFloatCuda.FitsDirect, ConvFloatCuda.Direct),
        new CudaKernelEntry<AddInt8Problem>("AddInt8Cuda", Oldest, p => Fits(p.Shape), ElementwiseCuda.Add),
        new CudaKernelEntry<AddFp32Problem>("AddFp32Cuda", Oldest, p => Fits(p.Shape), ElementwiseCuda.AddFloats),
        new CudaKernelEntry<AddFp16Problem>("AddFp16Cuda", Oldest, p => Fits(p.Shape), ElementwiseCuda.AddFloats),
        new CudaKernelEntry<MaxPoolProblem>("MaxPoolCuda", Oldest, p => Fits(p.Shape.Output), PoolCuda.Max),
        new CudaKernelEntry<AveragePoolProblem>("AveragePoolCuda", Oldest, p => Fits(p.Shape.Output) && PoolCuda.Fits(p), PoolCuda.Average),
        new CudaKernelEntry<UnaryInt8Problem>("UnaryInt8Cuda", Oldest, p => Fits(p.Shape), ElementwiseCuda.Table),
        new CudaKernelEntry<UnaryFp32Problem>("UnaryFp32Cuda", Oldest, p => Fits(p.Shape), ElementwiseCuda.Unary),
        new CudaKernelEntry<BinaryInt8Problem>("BinaryInt8Cuda", Oldest, p => BinaryCuda.Fits(p.Dimensions), BinaryCuda.Int8),
        new CudaKernelEntry<BinaryFp32Problem>("BinaryFp32Cuda", Oldest, p => BinaryCuda.Fits(p.Dimensions), BinaryCuda.Fp32),
        new CudaKernelEntry<QuantizeLinearProblem>("QuantizeLinearCuda", Oldest, p => Fits(p.Shape), ElementwiseCuda.Quantize),
        new CudaKernelEntry<DequantizeLinearProblem>("DequantizeLinearCuda", Oldest, p => Fits(p.Shape), ElementwiseCuda.Dequantize),
        new CudaKernelEntry<ConvertFp16Problem>("ConvertFp16Cuda", Oldest, p => Fits(p.Shape), ElementwiseCuda.Convert),
        new CudaKernelEntry<SubsamplePadProblem>("SubsamplePadCuda", Oldest, p => Fits(p.Output), MovementCuda.SubsamplePad),
        new CudaKernelEntry<ChannelMapProblem>("ChannelMapCuda", Oldest, p => Fits(p.Output), MovementCuda.ChannelMap),
        new CudaKernelEntry<ResizeProblem>("ResizeCuda", Oldest, p => Fits(p.Output), MovementCuda.Resize),
        new CudaKernelEntry<StridedCopyProblem>("StridedCopyCuda", Oldest, MovementCuda.Fits, MovementCuda.StridedCopy),
        new CudaKernelEntry<SoftmaxFp32Problem>("SoftmaxFp32Cuda", Oldest, p => Fits(p.Shape), LineCuda.Softmax),
        new CudaKernelEntry<NormalizeFp32Problem>("NormalizeFp32Cuda", Oldest, p => Fits(p.Shape), LineCuda.Normalize),
        new CudaKernelEntry<InstanceNormFp32Problem>("InstanceNormFp32Cuda", Oldest, p => Fits(p.Shape), LineCuda.InstanceNorm),
        new CudaKernelEntry<MatMulFp32Problem>("MatMulFp32Cuda", Oldest, ProductCuda.Fits, ProductCuda.MatMul),
        new CudaKernelEntry<AttentionFp32Problem>("AttentionFp32Cuda", Oldest, ProductCuda.Fits, ProductCuda.Attention),
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
