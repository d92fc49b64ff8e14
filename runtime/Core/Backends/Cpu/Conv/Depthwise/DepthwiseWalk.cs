using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>The numbers by which a depthwise convolution goes through its rows and pixels; strides are in bytes.</summary>
internal readonly unsafe struct DepthwiseWalk
{
    private readonly Placement _input, _output, _residual;
    private readonly long _zeros;
    private readonly bool _hasResidual;
    private readonly int _outputHeight, _inputHeight, _padTop, _strideHeight, _dilationHeight, _kernelHeight;

    /// <param name="problem">A checked problem.</param>
    /// <param name="tile">Pixels of a row that are done together.</param>
    public DepthwiseWalk(ConvFloatProblem problem, int tile)
    {
        var s = problem.Shape;
        (_input, _output, _residual, _zeros) = (problem.Input, problem.Output, problem.Residual ?? default, problem.PaddingOffset);
        _hasResidual = problem.Residual is not null;
        (_inputHeight, _outputHeight, _padTop, _strideHeight) = (s.InputHeight, s.OutputHeight, s.PadTop, s.StrideHeight);
        (_dilationHeight, _kernelHeight) = (s.DilationHeight, s.KernelHeight);
        (Lines, OutputWidth, InputWidth, Taps) = (s.OutputLines, s.OutputWidth, s.InputWidth, s.Taps);
        (KernelWidth, StrideWidth, DilationWidth, PadLeft) = (s.KernelWidth, s.StrideWidth, s.DilationWidth, s.PadLeft);
        (InputStride, OutputStride, ResidualStride) = (_input.PixelStride, _output.PixelStride, _residual.PixelStride);
        NextPixel = (long)s.StrideWidth * InputStride;
        NextTap = (long)s.DilationWidth * InputStride;
        NextRow = (long)s.DilationHeight * _input.RowStride;
        InnerStart = (s.PadLeft + s.StrideWidth - 1) / s.StrideWidth;
        int room = s.InputWidth + s.PadLeft - (s.KernelWidth - 1) * s.DilationWidth - 1 - (tile - 1) * s.StrideWidth;
        InnerEnd = room < 0 ? 0 : Math.Min(room / s.StrideWidth, OutputWidth - tile) + 1;
    }

    /// <summary>Rows of the output, of all pictures together.</summary>
    public int Lines { get; }

    public int OutputWidth { get; }

    public int InputWidth { get; }

    public int Taps { get; }

    public int KernelWidth { get; }

    /// <summary>Input pixels from one output pixel to the next.</summary>
    public int StrideWidth { get; }

    /// <summary>Input pixels from one tap of a row to the next.</summary>
    public int DilationWidth { get; }

    public int PadLeft { get; }

    /// <summary>Bytes from one input pixel to the next.</summary>
    public long InputStride { get; }

    public long OutputStride { get; }

    public long ResidualStride { get; }

    /// <summary>Bytes in the input from one output pixel to the next.</summary>
    public long NextPixel { get; }

    /// <summary>Bytes from one tap of a row to the next.</summary>
    public long NextTap { get; }

    /// <summary>Bytes from one filter row to the next.</summary>
    public long NextRow { get; }

    /// <summary>First output column where a tile reads nothing outside the picture.</summary>
    public int InnerStart { get; }

    /// <summary>First column behind those.</summary>
    public int InnerEnd { get; }

    /// <summary>What is read and written for an output row.</summary>
    public DepthwiseRow Row(byte* arena, int line)
    {
        var (image, y) = Math.DivRem(line, _outputHeight);
        int top = y * _strideHeight - _padTop;
        int first = top < 0 ? (-top + _dilationHeight - 1) / _dilationHeight : 0;
        int end = top < _inputHeight ? Math.Min(_kernelHeight, (_inputHeight - 1 - top) / _dilationHeight + 1) : 0;
        long pixel = (long)line * OutputWidth;
        return new DepthwiseRow
        {
            Input = arena + _input.Offset + image * _input.ImageStride + (long)(top + first * _dilationHeight) * _input.RowStride,
            Zeros = arena + _zeros,
            Output = arena + _output.Offset + pixel * OutputStride,
            Residual = _hasResidual ? arena + _residual.Offset + pixel * ResidualStride : null,
            FirstTap = first * KernelWidth,
            Taps = Math.Max(0, end - first),
        };
    }
}
