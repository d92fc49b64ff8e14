using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary>Quantised convolution on a GPU: the two kernels of ConvInt8.cuh, what each can do and how it wants its weights.</summary>
internal static class ConvInt8Cuda
{
    private const int Rows = 64, Step = 64, Chunk = 16, Word = 4;

    /// <summary>Whether the input lies inside a border of its zero point, so that no tap is outside of it (TapReader has the same rule).</summary>
    public static bool HasBorder(ConvInt8Problem p) => p.Input.RowStride > p.Shape.InputWidth * p.Input.PixelStride;

    /// <summary>Tensor cores: one group, whole 16-byte pieces of channels at multiples of 16.</summary>
    public static bool FitsMatrix(ConvInt8Problem p) =>
        FitsDirect(p) && p.Shape.Groups == 1 && p.Shape.InputChannels % Chunk == 0 && p.Input.Offset % Chunk == 0 && p.Input.PixelStride % Chunk == 0
            && p.Input.RowStride % Chunk == 0 && p.Input.ImageStride % Chunk == 0 && p.PaddingOffset % Chunk == 0;

    /// <summary>Anything but stacks of pictures.</summary>
    public static bool FitsDirect(ConvInt8Problem p) => p.Shape is { InputDepth: 1, KernelDepth: 1 }
        && (long)p.Shape.Pixels * p.Shape.OutputChannels <= int.MaxValue - CudaStep.Threads;

    /// <summary>Binds the kernel for tensor cores.</summary>
    public static CudaStep Matrix(string name, ConvInt8Problem p)
    {
        var s = p.Shape;
        int rows = (s.OutputChannels + Rows - 1) / Rows * Rows, steps = (s.Depth + Step - 1) / Step, row = steps * Step;
        var packed = new sbyte[checked(rows * row)];
        var weights = p.Weights.Span;
        for (int n = 0; n < s.OutputChannels; n++)
            for (int c = 0; c < s.InputChannels; c++)
                for (int tap = 0; tap < s.Taps; tap++)
                    packed[n * row + tap * s.InputChannels + c] = weights[n * s.Depth + c * s.Taps + tap];
        var constants = new CudaConstants();
        var arguments = Finish(p, rows, constants);
        arguments.Weights = constants.Add<sbyte>(packed);
        int pieces = s.InputChannels / Chunk, piecesOfStep = Step / Chunk, taps = piecesOfStep / pieces;
        (arguments.Chunks, arguments.Steps) = (s.Depth / Chunk, steps);
        (arguments.StepPiece, arguments.StepX, arguments.StepY) = (piecesOfStep % pieces, taps % s.KernelWidth, taps / s.KernelWidth);
        var blocks = ((uint)((s.Pixels + Rows - 1) / Rows), (uint)(rows / Rows));
        return new(name, "conv_int8_matrix", blocks, CudaStep.Bytes(arguments), constants.ToArray());
    }

    /// <summary>Binds the kernel with one thread for each output element.</summary>
    public static CudaStep Direct(string name, ConvInt8Problem p)
    {
        var s = p.Shape;
        // Inside a border the pixels of a kernel row follow each other.
        bool areRows = HasBorder(p) && s.Groups == 1 && s.DilationWidth == 1 && p.Input.PixelStride == s.InputChannels;
        int runs = areRows ? s.KernelHeight : s.Taps, tapsOfRun = s.Taps / runs, runBytes = tapsOfRun * s.GroupInputChannels;
        int words = (runBytes + Word - 1) / Word;
        var packed = new sbyte[checked(runs * words * s.OutputChannels * Word)];
        var weights = p.Weights.Span;
        for (int n = 0; n < s.OutputChannels; n++)
            for (int c = 0; c < s.GroupInputChannels; c++)
                for (int tap = 0; tap < s.Taps; tap++)
                {
                    int run = tap / tapsOfRun, at = tap % tapsOfRun * s.GroupInputChannels + c;
                    packed[((run * words + at / Word) * s.OutputChannels + n) * Word + at % Word] = weights[n * s.Depth + c * s.Taps + tap];
                }

        var constants = new CudaConstants();
        var arguments = Finish(p, s.OutputChannels, constants);
        arguments.Weights = constants.Add<sbyte>(packed);
        (arguments.Runs, arguments.RunsOfRow, arguments.RunBytes) = (runs, areRows ? 1 : s.KernelWidth, runBytes);
        return CudaStep.ForEach(name, "conv_int8_direct", (long)s.Pixels * s.OutputChannels, arguments, constants.ToArray());
    }

    /// <summary>Biases with the zero point's share in them, and multipliers, for so many channels; those that are not there get zeros.</summary>
    private static ConvInt8Arguments Finish(ConvInt8Problem p, int channels, CudaConstants constants)
    {
        var s = p.Shape;
        var bias = new int[channels];
        var multiplier = new float[channels];
        var weights = p.Weights.Span;
        for (int n = 0; n < s.OutputChannels; n++)
        {
            int sum = 0;
            foreach (sbyte w in weights.Slice(n * s.Depth, s.Depth)) sum += w;
            bias[n] = unchecked(p.Bias[n] - p.InputZeroPoint * sum); // may wrap: sums modulo 2^32 end at the right number
            multiplier[n] = p.Multiplier[n];
        }

        var arguments = ConvInt8Arguments.Of(p);
        arguments.Bias = constants.Add<int>(bias);
        arguments.Multiplier = constants.Add<float>(multiplier);
        return arguments;
    }
}
