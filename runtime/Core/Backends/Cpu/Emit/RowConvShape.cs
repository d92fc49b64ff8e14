namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>What an emitted kernel that goes along rows is made for.</summary>
/// <param name="Kind">Where inputs lie.</param>
/// <param name="KernelWidth">Filter columns.</param>
/// <param name="Stride">Input columns from one output to the next.</param>
/// <param name="Pixels">Outputs of a tile.</param>
internal readonly record struct RowConvShape(RowConvKind Kind, int KernelWidth, int Stride, int Pixels)
{
    /// <summary>Input channels of a group that are summed in one pass over a tile's columns; one of a depthwise filter.</summary>
    public const int GroupBlock = 4;

    /// <summary>Those that there are, in the order of their offsets in the generated code.</summary>
    public static IReadOnlyList<RowConvShape> All { get; } =
    [
        new(RowConvKind.Depthwise, 3, 1, 7), new(RowConvKind.Depthwise, 3, 1, 4), new(RowConvKind.Depthwise, 3, 2, 7),
        new(RowConvKind.Depthwise, 3, 2, 4), new(RowConvKind.Depthwise, 5, 1, 7), new(RowConvKind.Depthwise, 5, 1, 4),
        new(RowConvKind.Depthwise, 5, 2, 7), new(RowConvKind.Depthwise, 5, 2, 4), new(RowConvKind.Depthwise, 7, 1, 7),
        new(RowConvKind.Depthwise, 7, 1, 4),
        new(RowConvKind.Permuted, 3, 1, 14), new(RowConvKind.Permuted, 3, 1, 7), new(RowConvKind.Permuted, 3, 2, 7),
        new(RowConvKind.Broadcast, 3, 1, 14), new(RowConvKind.Broadcast, 3, 1, 7), new(RowConvKind.Broadcast, 3, 2, 7),
    ];

    /// <summary>Input channels of one pass.</summary>
    public int Block => Kind == RowConvKind.Depthwise ? 1 : GroupBlock;

    /// <summary>Input columns that a tile reads.</summary>
    public int Columns => (Pixels - 1) * Stride + KernelWidth;

    /// <summary>Columns on each side that may lie outside the picture; see <see cref="RowConvTile.Masks"/>.</summary>
    public int MaskedColumns => KernelWidth / 2;
}
