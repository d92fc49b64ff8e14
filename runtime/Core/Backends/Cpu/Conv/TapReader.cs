using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv;

/// <summary>
/// Where the input pixel of an output pixel and a filter tap lies: inside the picture, in its physical border, or in the run of
/// padding. The one definition of convolution's geometry; tables are built from it.
/// </summary>
internal readonly struct TapReader
{
    private const long Outside = long.MinValue;
    private readonly ConvShape _shape;
    private readonly Placement _input;
    private readonly long _padding;

    /// <param name="shape">Geometry of the convolution.</param>
    /// <param name="input">An input whose rows are longer than its pixels has a border of the
    /// padding's size all around, holding the padding's value.</param>
    /// <param name="padding">Offset of the run of padding.</param>
    public TapReader(ConvShape shape, Placement input, long padding)
    {
        _shape = shape;
        _input = input;
        _padding = padding;
        HasBorder = input.RowStride > shape.InputWidth * input.PixelStride;
    }

    /// <summary>Padding is physically there, so every tap is a plain read.</summary>
    public bool HasBorder { get; }

    /// <summary>Bytes from the arena's base to channel 0 of the input pixel.</summary>
    /// <param name="pixel">Output pixel, counted over pictures, rows and columns.</param>
    /// <param name="tapY">Filter row, counted over depths.</param>
    /// <param name="tapX">Filter column.</param>
    public long Offset(int pixel, int tapY, int tapX) => Offset(Row(pixel / _shape.OutputWidth, tapY), Column(pixel % _shape.OutputWidth, tapX));

    /// <summary>The same of a row and a column; padding where one of them is outside.</summary>
    public long Offset(long row, long column) => row == Outside || column == Outside ? _padding : row + column;

    /// <summary>
    /// Offset of the input row that a filter row, counted over depths, reads for an output row, counted over pictures; or a mark for outside the picture.
    /// </summary>
    public long Row(int line, int tapY)
    {
        var (picture, row) = Math.DivRem(line, _shape.OutputHeight);
        var (stack, place) = Math.DivRem(picture, _shape.OutputDepth);
        var (tapZ, tapRow) = Math.DivRem(tapY, _shape.KernelHeight);
        int y = row * _shape.StrideHeight - _shape.PadTop + tapRow * _shape.DilationHeight;
        int z = place * _shape.StrideDepth - _shape.PadFront + tapZ * _shape.DilationDepth;
        bool inside = (HasBorder || (uint)y < (uint)_shape.InputHeight) && (uint)z < (uint)_shape.InputDepth;
        return inside ? _input.Offset + stack * _input.ImageStride + ((long)z * _shape.InputHeight + y) * _input.RowStride : Outside;
    }

    /// <summary>Bytes from the start of a row to what a filter column reads for an output column; or a mark for outside the picture.</summary>
    public long Column(int x, int tapX)
    {
        int inputX = x * _shape.StrideWidth - _shape.PadLeft + tapX * _shape.DilationWidth;
        return HasBorder || (uint)inputX < (uint)_shape.InputWidth ? (long)inputX * _input.PixelStride : Outside;
    }
}
