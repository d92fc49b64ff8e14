namespace ResNetEdge.Steps;

/// <summary>
/// Geometry of a pooling window walk. Global pooling: the kernel is the whole picture. ONNX's ceil_mode is expressed by more padding below and right.
/// </summary>
internal sealed record PoolShape
{
    public int Batch { get; init; } = 1;

    public required int InputHeight { get; init; }

    public required int InputWidth { get; init; }

    public required int Channels { get; init; }

    public required int KernelHeight { get; init; }

    public required int KernelWidth { get; init; }

    public int StrideHeight { get; init; } = 1;

    public int StrideWidth { get; init; } = 1;

    public int DilationHeight { get; init; } = 1;

    public int DilationWidth { get; init; } = 1;

    public int PadTop { get; init; }

    public int PadLeft { get; init; }

    public int PadBottom { get; init; }

    public int PadRight { get; init; }

    public int OutputHeight => (InputHeight + PadTop + PadBottom - (KernelHeight - 1) * DilationHeight - 1) / StrideHeight + 1;

    public int OutputWidth => (InputWidth + PadLeft + PadRight - (KernelWidth - 1) * DilationWidth - 1) / StrideWidth + 1;

    public NhwcShape Input => new(Batch, InputHeight, InputWidth, Channels);

    public NhwcShape Output => new(Batch, OutputHeight, OutputWidth, Channels);

    /// <summary>The filter rows [first, end) of output row <paramref name="y"/> that lie inside the picture.</summary>
    public (int First, int End) TapRows(int y) => Taps(y * StrideHeight - PadTop, KernelHeight, DilationHeight, InputHeight);

    /// <summary>The filter columns [first, end) of output column <paramref name="x"/> that lie inside the picture.</summary>
    public (int First, int End) TapColumns(int x) => Taps(x * StrideWidth - PadLeft, KernelWidth, DilationWidth, InputWidth);

    /// <exception cref="ArgumentException">A size is not positive, or a window lies wholly in the padding.</exception>
    public void Check()
    {
        if (KernelHeight < 1 || KernelWidth < 1 || StrideHeight < 1 || StrideWidth < 1 || DilationHeight < 1 || DilationWidth < 1
            || PadTop < 0 || PadLeft < 0 || PadBottom < 0 || PadRight < 0 || OutputHeight < 1 || OutputWidth < 1)
            throw new ArgumentException($"pooling {KernelHeight}x{KernelWidth} does not fit a picture of {InputHeight}x{InputWidth}");
        for (int y = 0; y < OutputHeight; y++)
            CheckWindow(TapRows(y));
        for (int x = 0; x < OutputWidth; x++)
            CheckWindow(TapColumns(x));
    }

    private static void CheckWindow((int First, int End) taps)
    {
        if (taps.First >= taps.End)
            throw new ArgumentException("a pooling window lies wholly in the padding");
    }

    private static (int First, int End) Taps(int origin, int kernel, int dilation, int size)
    {
        int first = origin < 0 ? (-origin + dilation - 1) / dilation : 0;
        int end = size > origin ? Math.Min(kernel, (size - origin - 1) / dilation + 1) : 0;
        return (first, end);
    }
}
