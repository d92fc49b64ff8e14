namespace ResNetEdge.Kernels.Conv;

/// <summary>
/// Where the input pixel of an output pixel and a filter tap lies: inside the picture, in its physical border, or in the run of
/// padding. The one definition of convolution's geometry; tables are built from it.
/// </summary>
internal readonly struct TapReader
{
    private readonly ConvShape _shape;
    private readonly Placement _input;
    private readonly long _padding;

    /// <param name="shape">Geometry.</param>
    /// <param name="input">An input whose rows are longer than its pixels has a border of the padding's size all around, holding the padding's value.</param>
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
    /// <param name="tapY">Filter row.</param>
    /// <param name="tapX">Filter column.</param>
    public long Offset(int pixel, int tapY, int tapX)
    {
        int x = pixel % _shape.OutputWidth, line = pixel / _shape.OutputWidth;
        int inputY = line % _shape.OutputHeight * _shape.StrideHeight - _shape.PadTop + tapY * _shape.DilationHeight;
        int inputX = x * _shape.StrideWidth - _shape.PadLeft + tapX * _shape.DilationWidth;
        bool outside = (uint)inputY >= (uint)_shape.InputHeight || (uint)inputX >= (uint)_shape.InputWidth;
        return outside && !HasBorder
            ? _padding
            : _input.Offset + line / _shape.OutputHeight * _input.ImageStride + (long)inputY * _input.RowStride + (long)inputX * _input.PixelStride;
    }
}
