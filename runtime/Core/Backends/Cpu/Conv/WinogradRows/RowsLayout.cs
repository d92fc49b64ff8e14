using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradRows;

/// <summary>
/// Scratch memory of one thread, in elements: input rows of a block, transformed, [point][group of four tiles][row][phase][channel][tile] and without
/// phases for the last point; the products of an output row with one strip, [point][tile][16]; and one input row with its padding.
/// </summary>
internal sealed class RowsLayout
{
    /// <summary>Transformed rows of a block: beside the weights of a strip they stay in the second-level cache of the smallest core.</summary>
    private const int BlockBytes = 1 << 17;

    /// <summary>Elements of a cache line: what lies a multiple of 4096 bytes apart would share one set of the first-level cache.</summary>
    private const int Line = 16;

    private const int Tile = RowsTransform.Outputs, Group = ProductArgs.Rows, Lanes = ProductArgs.Columns;

    public RowsLayout(ConvShape shape)
    {
        Groups = Divide(shape.OutputWidth, Tile * Group);
        RowElements = 2 * shape.InputChannels * Group;
        long perRow = (long)Groups * (RowsTransform.SharedPoints * RowElements + RowElements / 2) * sizeof(float);
        int most = Math.Clamp((int)(BlockBytes / perRow - shape.KernelHeight) / shape.StrideHeight + 1, 1, shape.OutputHeight);
        BlockRows = Divide(shape.OutputHeight, Divide(shape.OutputHeight, most)); // Blocks of about one size.
        int rows = (BlockRows - 1) * shape.StrideHeight + shape.KernelHeight;
        // A transposition writes up to three vectors of channels that do not exist behind the last row; see RowsTransform.Input.
        GroupPitch = rows * RowElements + (Group - 1) * Group;
        LastGroupPitch = rows * RowElements / 2 + (Group - 1) * Group;
        PointPitch = Padded((long)Groups * GroupPitch);
        ProductsOffset = RowsTransform.SharedPoints * PointPitch + Padded((long)Groups * LastGroupPitch);
        ProductPitch = Padded(Groups * Group * Lanes);
        PixelsOffset = ProductsOffset + RowsTransform.Points * ProductPitch;
        Pixels = (Groups * Group - 1) * RowsTransform.Step + RowsTransform.Inputs;
        PartBytes = (PixelsOffset + Padded(Pixels * shape.InputChannels + Group)) * sizeof(float);
    }

    /// <summary>Groups of four tiles in an output row.</summary>
    public int Groups { get; }

    /// <summary>Output rows whose input rows are transformed together.</summary>
    public int BlockRows { get; }

    /// <summary>Elements of a transformed input row in a group: both phases.</summary>
    public int RowElements { get; }

    /// <summary>Elements from one group to the next, of the points that both phases share and of the last one.</summary>
    public int GroupPitch { get; }

    public int LastGroupPitch { get; }

    /// <summary>Elements from one shared point's inputs to the next one's; the last point's follow.</summary>
    public long PointPitch { get; }

    /// <summary>Elements from one point's products to the next one's.</summary>
    public long ProductPitch { get; }

    /// <summary>Elements from the transformed inputs to the products and to the input row.</summary>
    public long ProductsOffset { get; }

    public long PixelsOffset { get; }

    /// <summary>Pixels of the input row, padding included.</summary>
    public int Pixels { get; }

    /// <summary>Scratch memory of one thread, a multiple of 64.</summary>
    public long PartBytes { get; }

    private static int Divide(int a, int b) => (a + b - 1) / b;

    private static long Padded(long elements) => (elements + Line - 1) / Line * Line + Line;
}
