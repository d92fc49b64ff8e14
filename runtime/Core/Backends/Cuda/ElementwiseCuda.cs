using System.Runtime.InteropServices;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary>The kernels of Elementwise.cuh.</summary>
internal static class ElementwiseCuda
{
    public static CudaStep Add(string name, AddInt8Problem p) => CudaStep.ForEach(name, "add_int8", p.Shape.Elements, new AddArguments
    {
        Left = new(p.Left),
        Right = new(p.Right),
        Output = new(p.Output),
        Sizes = new(p.Shape),
        LeftZero = p.LeftZeroPoint,
        RightZero = p.RightZeroPoint,
        ZeroPoint = p.OutputZeroPoint,
        Low = p.Low,
        High = p.High,
        LeftMultiplier = p.LeftMultiplier,
        RightMultiplier = p.RightMultiplier,
    }, []);

    public static CudaStep Table(string name, UnaryInt8Problem p)
    {
        var constants = new CudaConstants();
        long table = constants.Add(p.Table.Span);
        return CudaStep.ForEach(name, "table_int8", p.Shape.Elements, Map(p.Shape, p.Input, p.Output) with { Table = table }, constants.ToArray());
    }

    public static CudaStep Quantize(string name, QuantizeLinearProblem p) => CudaStep.ForEach(name, "quantize_linear", p.Shape.Elements,
        Map(p.Shape, p.Input, p.Output) with { Scale = p.Scale, ZeroPoint = p.ZeroPoint }, []);

    public static CudaStep Dequantize(string name, DequantizeLinearProblem p) => CudaStep.ForEach(name, "dequantize_linear", p.Shape.Elements,
        Map(p.Shape, p.Input, p.Output) with { Scale = p.Scale, ZeroPoint = p.ZeroPoint }, []);

    /// <summary>Of float32 and float16.</summary>
    public static CudaStep AddFloats(string name, AddFloatProblem p) =>
        CudaStep.ForEach(name, p.ElementSize == sizeof(float) ? "add_fp32" : "add_fp16", p.Shape.Elements, new AddFloatArguments
        {
            Left = new(p.Left),
            Right = new(p.Right),
            Output = new(p.Output),
            Sizes = new(p.Shape),
            Low = p.Low,
            High = p.High,
        }, []);

    public static CudaStep Convert(string name, ConvertFp16Problem p) =>
        CudaStep.ForEach(name, p.ToHalf ? "narrow_fp16" : "widen_fp16", p.Shape.Elements, Map(p.Shape, p.Input, p.Output), []);

    /// <summary>The function's own kernel.</summary>
    public static CudaStep Unary(string name, UnaryFp32Problem p)
    {
        var function = CudaFunction.Of(p.Function);
        return CudaStep.ForEach(name, function.Name, p.Shape.Elements, Map(p.Shape, p.Input, p.Output), [], function);
    }

    private static MapArguments Map(NhwcShape shape, Placement input, Placement output) =>
        new() { Input = new(input), Output = new(output), Sizes = new(shape) };

    /// <summary><c>AddInt8Arguments</c>, field for field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct AddArguments
    {
        public CudaPlace Left, Right, Output;
        public CudaSizes Sizes;
        public int LeftZero, RightZero, ZeroPoint, Low, High;
        public float LeftMultiplier, RightMultiplier;
    }

    /// <summary>The structure of the same name, field for field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct AddFloatArguments
    {
        public CudaPlace Left, Right, Output;
        public CudaSizes Sizes;
        public float Low, High;
    }

    /// <summary>The structure of the same name, field for field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MapArguments
    {
        public CudaPlace Input, Output;
        public CudaSizes Sizes;
        public long Table;
        public float Scale;
        public int ZeroPoint;
    }
}
