using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary>The kernels of two values of Functions.cuh.</summary>
internal static class BinaryCuda
{
    private const int Dimensions = BinaryFp32Problem.MaxDimensions;

    /// <summary>Whether 31 bits can number the elements.</summary>
    public static bool Fits(IReadOnlyList<BinaryDimension> dimensions) => Count(dimensions) <= int.MaxValue - CudaStep.Threads;

    public static CudaStep Fp32(string name, BinaryFp32Problem p) =>
        Step(name, CudaFunction.Of(p.Function, isInt8: false), p.Dimensions, new BinaryArguments
        {
            Left = p.Left,
            Right = p.Right,
            Output = p.Output,
            Low = p.Low,
            High = p.High,
        });

    public static CudaStep Int8(string name, BinaryInt8Problem p) =>
        Step(name, CudaFunction.Of(p.Function, isInt8: true), p.Dimensions, new BinaryArguments
        {
            Left = p.Left.Offset,
            Right = p.Right.Offset,
            Output = p.Output.Offset,
            IsRightFloat = p.IsRightFloat ? 1 : 0,
            LeftZero = p.Left.ZeroPoint,
            RightZero = p.Right.ZeroPoint,
            ZeroPoint = p.Output.ZeroPoint,
            LeftScale = p.Left.Scale,
            RightScale = p.Right.Scale,
            Scale = p.Output.Scale,
            Low = p.Low - p.Output.ZeroPoint,
            High = p.High - p.Output.ZeroPoint,
        });

    private static long Count(IReadOnlyList<BinaryDimension> dimensions) => dimensions.Aggregate(1L, static (count, d) => checked(count * d.Size));

    private static CudaStep Step(string name, CudaFunction function, IReadOnlyList<BinaryDimension> dimensions, BinaryArguments arguments)
    {
        (arguments.Count, arguments.Dimensions) = ((uint)Count(dimensions), dimensions.Count);
        for (int d = 0; d < Dimensions; d++)
        {
            int own = d - (Dimensions - dimensions.Count); // those that are missing are the outermost
            var dimension = own >= 0 ? dimensions[own] : new BinaryDimension(1, 0, 0, 0);
            (arguments.LeftSteps[d], arguments.RightSteps[d], arguments.OutputSteps[d]) = (dimension.Left, dimension.Right, dimension.Output);
            arguments.Size[d] = (uint)dimension.Size;
        }

        return CudaStep.ForEach(name, function.Name, arguments.Count, arguments, [], function);
    }

    /// <summary>The structure of the same name, field for field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct BinaryArguments
    {
        public long Left, Right, Output;
        public Steps8 LeftSteps, RightSteps, OutputSteps;
        public Sizes8 Size;
        public uint Count;
        public int Dimensions, IsRightFloat, LeftZero, RightZero, ZeroPoint;
        public float LeftScale, RightScale, Scale, Low, High;
        public int Unused;
    }

    [InlineArray(BinaryCuda.Dimensions)]
    private struct Steps8
    {
        private long _first;
    }

    [InlineArray(BinaryCuda.Dimensions)]
    private struct Sizes8
    {
        private uint _first;
    }
}
