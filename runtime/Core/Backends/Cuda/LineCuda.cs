using System.Runtime.InteropServices;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary>The kernels of Lines.cuh.</summary>
internal static class LineCuda
{
    private const int SoftmaxLines = 16, NormalizeLines = 8; // of a block

    public static CudaStep Softmax(string name, SoftmaxFp32Problem p) =>
        Step(name, "softmax_fp32", Blocks(p.Shape, SoftmaxLines), Of(p.Shape, p.Input, p.Output), []);

    public static CudaStep Normalize(string name, NormalizeFp32Problem p)
    {
        var constants = new CudaConstants();
        var arguments = Of(p.Shape, p.Input, p.Output) with
        {
            Scale = constants.Add<float>(p.Scale),
            Bias = constants.Add<float>(p.Bias),
            Epsilon = p.Epsilon,
            Centers = p.Centers ? 1 : 0,
            IsPerPixel = p.IsPerPixel ? 1 : 0,
            Parameters = p.Scale.Length,
        };
        return Step(name, "normalize_fp32", Blocks(p.Shape, NormalizeLines), arguments, constants.ToArray());
    }

    public static CudaStep InstanceNorm(string name, InstanceNormFp32Problem p)
    {
        var constants = new CudaConstants();
        var arguments = Of(p.Shape, p.Input, p.Output) with
        {
            Scale = constants.Add<float>(p.Scale),
            Bias = constants.Add<float>(p.Bias),
            Epsilon = p.Epsilon,
        };
        long channels = (long)p.Shape.Batch * p.Shape.Channels;
        return CudaStep.ForEach(name, "instance_norm_fp32", channels, arguments, constants.ToArray());
    }

    private static CudaStep Step(string name, string function, uint blocks, LineArguments arguments, byte[] constants) =>
        new(name, function, (blocks, 1), CudaStep.Bytes(arguments), constants);

    private static uint Blocks(NhwcShape shape, int lines) => (uint)(((long)shape.Rows * shape.Width + lines - 1) / lines);

    private static LineArguments Of(NhwcShape shape, Placement input, Placement output) =>
        new() { Input = new(input), Output = new(output), Sizes = new(shape) };

    /// <summary>The structure of the same name, field for field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LineArguments
    {
        public CudaPlace Input, Output;
        public CudaSizes Sizes;
        public long Scale, Bias;
        public float Epsilon;
        public int Centers, IsPerPixel, Parameters;
    }
}
