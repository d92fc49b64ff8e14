using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>Depthwise filters for which there are kernels with all taps of a row in registers: 3×3 and 5×5 at strides of 1 and 2.</summary>
internal static class DepthwiseSquares
{
    /// <summary>A depthwise convolution with one of these filters.</summary>
    public static bool CanRun(ConvFp32Problem problem) => DepthwiseShape.Is(problem.Shape)
        && problem.Shape is { DilationHeight: 1, DilationWidth: 1, KernelWidth: 3 or 5, StrideWidth: 1 or 2 } s
        && s.KernelHeight == s.KernelWidth && s.StrideHeight == s.StrideWidth;

    /// <summary>The kernel for the filter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="problem">One that <see cref="CanRun"/> accepts.</param>
    public static PreparedKernel BindAdvSimd(string name, ConvFp32Problem problem) => (problem.Shape.KernelWidth, problem.Shape.StrideWidth) switch
    {
        (3, 1) => new ConvFp32DepthwiseSquareAdvSimd<DepthwiseTapsAdvSimd.Three>(name, problem),
        (3, _) => new ConvFp32DepthwiseSquareAdvSimd<DepthwiseTapsAdvSimd.ThreeByTwo>(name, problem),
        (_, 1) => new ConvFp32DepthwiseSquareAdvSimd<DepthwiseTapsAdvSimd.Five>(name, problem),
        _ => new ConvFp32DepthwiseSquareAdvSimd<DepthwiseTapsAdvSimd.FiveByTwo>(name, problem),
    };
}
