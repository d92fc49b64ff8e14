using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary>The kernels of Pool.cuh.</summary>
internal static class PoolCuda
{
    private const int LargestTable = 1 << 16;

    public static CudaStep Max(string name, MaxPoolProblem p) =>
        CudaStep.ForEach(name, $"max_pool_{Word(p.Type)}", p.Shape.Output.Elements, Of(p.Shape, p.Input, p.Output), []);

    public static CudaStep Average(string name, AveragePoolProblem p)
    {
        int most = p.Shape.KernelHeight * p.Shape.KernelWidth, fixedCount = p.CountIncludePad ? most : 0;
        if (p.Type != ElementType.UInt8)
            return CudaStep.ForEach(
                name, $"average_pool_{Word(p.Type)}", p.Shape.Output.Elements, Of(p.Shape, p.Input, p.Output) with { FixedCount = fixedCount }, []);
        var multipliers = new float[most + 1]; // 0 is not used: no window lies wholly outside
        for (int count = 1; count <= most; count++) multipliers[count] = p.MultiplierFor(count);
        var constants = new CudaConstants();
        long table = constants.Add<float>(multipliers);
        return CudaStep.ForEach(name, "average_pool_int8", p.Shape.Output.Elements, Of(p.Shape, p.Input, p.Output) with
        {
            Multipliers = table,
            FixedCount = fixedCount,
            InputZero = p.InputZeroPoint,
            ZeroPoint = p.OutputZeroPoint,
            Low = p.Low,
            High = p.High,
        }, constants.ToArray());
    }

    /// <summary>Whether the table of multipliers, which bytes have, stays small.</summary>
    public static bool Fits(AveragePoolProblem p) => p.Type != ElementType.UInt8 || (long)p.Shape.KernelHeight * p.Shape.KernelWidth <= LargestTable;

    private static string Word(ElementType type) => type switch
    {
        ElementType.UInt8 => "int8",
        ElementType.Float16 => "fp16",
        _ => "fp32",
    };

    private static PoolArguments Of(PoolShape s, Placement input, Placement output) => new()
    {
        Input = new(input),
        Output = new(output),
        Sizes = new(s.Output),
        Height = s.InputHeight,
        Width = s.InputWidth,
        KernelHeight = s.KernelHeight,
        KernelWidth = s.KernelWidth,
        StrideHeight = s.StrideHeight,
        StrideWidth = s.StrideWidth,
        DilationHeight = s.DilationHeight,
        DilationWidth = s.DilationWidth,
        PadTop = s.PadTop,
        PadLeft = s.PadLeft,
    };

    /// <summary>The structure of the same name, field for field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PoolArguments
    {
        public CudaPlace Input, Output;
        public CudaSizes Sizes;
        public long Multipliers;
        public int Height, Width;
        public int KernelHeight, KernelWidth, StrideHeight, StrideWidth, DilationHeight, DilationWidth, PadTop, PadLeft;
        public int FixedCount;
        public int InputZero, ZeroPoint, Low, High;
    }
}
