using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary>
/// Convolution of float32 and float16 on a GPU: the kernels of ConvFloat.cuh and ConvFp16Matrix.cuh, what each can do and how it wants its weights.
/// </summary>
/// <remarks>
/// One chain of fused multiply-adds in the order tap, channel, then bias and residual: within ConvFp32Reference.ErrorBound and
/// ConvFp16Reference.ErrorBound. Tensor cores add 16 products at a time to a float32 sum and may cut it off instead of rounding it: within twice
/// that.
/// </remarks>
internal static class ConvFloatCuda
{
    private const int Rows = 64, StepBytes = 64, PieceBytes = 16;

    /// <summary>Anything but stacks of pictures.</summary>
    public static bool FitsDirect(ConvFloatProblem p) => p.Shape is { InputDepth: 1, KernelDepth: 1 }
        && (long)p.Shape.Pixels * p.Shape.OutputChannels <= int.MaxValue - CudaStep.Threads;

    /// <summary>One group, whole 16-byte pieces of channels at multiples of 16.</summary>
    public static bool FitsTiles(ConvFloatProblem p) =>
        FitsDirect(p) && p.Shape.Groups == 1 && p.Shape.InputChannels * p.ElementSize % PieceBytes == 0 && p.Input.Offset % PieceBytes == 0
            && p.Input.PixelStride % PieceBytes == 0 && p.Input.RowStride % PieceBytes == 0 && p.Input.ImageStride % PieceBytes == 0
            && p.PaddingOffset % PieceBytes == 0;

    /// <summary>Binds the kernel with one thread for each output element; weights are [tap][channel of the group][output channel].</summary>
    public static CudaStep Direct(string name, ConvFloatProblem p)
    {
        var s = p.Shape;
        var packed = new float[s.OutputChannels * s.Depth];
        var weights = p.Weights.Span;
        for (int n = 0; n < s.OutputChannels; n++)
            for (int c = 0; c < s.GroupInputChannels; c++)
                for (int tap = 0; tap < s.Taps; tap++)
                    packed[(tap * s.GroupInputChannels + c) * s.OutputChannels + n] = weights[n * s.Depth + c * s.Taps + tap];
        var constants = new CudaConstants();
        var arguments = Finish(p, s.OutputChannels, packed, constants);
        return CudaStep.ForEach(name, $"conv_{Word(p)}_direct", (long)s.Pixels * s.OutputChannels, arguments, constants.ToArray());
    }

    /// <summary>Binds the kernel for blocks of 64 pixels and channels; weights are [64 channels][depth][channel].</summary>
    public static CudaStep Tiles(string name, ConvFloatProblem p)
    {
        int depth = Depth(p);
        return Blocks(name, $"conv_{Word(p)}_tile", p, (n, k) => (n / Rows * depth + k) * Rows + n % Rows);
    }

    /// <summary>Binds the kernel for tensor cores; weights are [channel][depth].</summary>
    public static CudaStep Matrix(string name, ConvFp16Problem p)
    {
        int depth = Depth(p);
        return Blocks(name, "conv_fp16_matrix", p, (n, k) => n * depth + k);
    }

    private static CudaStep Blocks(string name, string function, ConvFloatProblem p, Func<int, int, int> place)
    {
        var s = p.Shape;
        int channels = (s.OutputChannels + Rows - 1) / Rows * Rows;
        var packed = new float[checked(channels * Depth(p))];
        var weights = p.Weights.Span;
        for (int n = 0; n < s.OutputChannels; n++)
            for (int c = 0; c < s.InputChannels; c++)
                for (int tap = 0; tap < s.Taps; tap++)
                    packed[place(n, tap * s.InputChannels + c)] = weights[n * s.Depth + c * s.Taps + tap];
        var constants = new CudaConstants();
        var arguments = Finish(p, channels, packed, constants);
        int pieces = s.InputChannels * p.ElementSize / PieceBytes, piecesOfStep = StepBytes / PieceBytes, taps = piecesOfStep / pieces;
        (arguments.Chunks, arguments.Steps) = (s.Taps * pieces, Depth(p) * p.ElementSize / StepBytes);
        (arguments.StepPiece, arguments.StepX, arguments.StepY) = (piecesOfStep % pieces, taps % s.KernelWidth, taps / s.KernelWidth);
        var blocks = ((uint)((s.Pixels + Rows - 1) / Rows), (uint)(channels / Rows));
        return new(name, function, blocks, CudaStep.Bytes(arguments), constants.ToArray());
    }

    private static ConvFloatArguments Finish(ConvFloatProblem p, int channels, float[] weights, CudaConstants constants)
    {
        var arguments = ConvFloatArguments.Of(p);
        if (p.ElementSize == sizeof(float)) arguments.Weights = constants.Add<float>(weights);
        else
        {
            var halves = new Half[weights.Length];
            HalfNumbers.Narrow(weights, halves);
            arguments.Weights = constants.Add<Half>(halves);
        }

        var bias = new float[channels];
        p.Bias.CopyTo(bias, 0);
        arguments.Bias = constants.Add<float>(bias);
        return arguments;
    }

    /// <summary>Elements of a patch, rounded up to whole steps.</summary>
    private static int Depth(ConvFloatProblem p)
    {
        int elements = StepBytes / p.ElementSize;
        return (p.Shape.Depth + elements - 1) / elements * elements;
    }

    private static string Word(ConvFloatProblem p) => p.ElementSize == sizeof(float) ? "fp32" : "fp16";
}
