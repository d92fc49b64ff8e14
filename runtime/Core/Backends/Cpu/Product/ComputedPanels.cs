using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNetEdge.Backends.Cpu.Layout;

namespace ResNetEdge.Backends.Cpu.Product;

/// <summary>
/// A computed matrix [Depth][Columns] as panels [panel][Depth][width], packed each time it is multiplied: of M rows' products it costs one in M.
/// </summary>
/// <param name="depth">Rows of the matrix.</param>
/// <param name="columns">Its columns.</param>
/// <param name="widest">Lanes of the widest panel.</param>
internal readonly unsafe struct ComputedPanels(int depth, int columns, int widest)
{
    // Panels of 64 columns whose floats are larger than this compete with the rows for a second-level cache of 1 MiB.
    private const int WidePanelBytes = 384 << 10;

    private readonly int _widest = depth * (long)widest * sizeof(float) > WidePanelBytes ? Math.Min(widest, 32) : widest;

    /// <summary>Floats of all panels.</summary>
    public long Floats => (long)depth * (First(Count - 1) + Width(Count - 1));

    /// <summary>Panels: as many of the widest as are full, then what wastes least.</summary>
    public int Count => Full + (Rest == 0 ? 0 : Rest is > 32 and <= 48 ? 2 : 1);

    private int Full => columns / _widest;

    private int Rest => columns - Full * _widest;

    /// <summary>First column of a panel.</summary>
    public int First(int panel) => Math.Min(panel, Full) * _widest + (panel > Full ? 32 : 0);

    /// <summary>Columns of a panel that exist.</summary>
    public int Columns(int panel) => Math.Min(Width(panel), columns - First(panel));

    /// <summary>Lanes of a panel: 64 where at least 49 columns are left, 32 where at least 17 are, else 16.</summary>
    public int Width(int panel) => Math.Min(_widest, columns - First(panel) is var left && left > 48 ? 64 : left > 16 ? 32 : 16);

    /// <summary>A panel among all of them.</summary>
    public float* Of(float* panels, int panel) => panels + (long)depth * First(panel);

    /// <summary>Packs one panel; lanes without a column become zero.</summary>
    /// <param name="matrix">The matrix's first element.</param>
    /// <param name="row">Bytes from one row to the next.</param>
    /// <param name="column">Bytes from one column to the next; this or <paramref name="row"/> is that of a float.</param>
    /// <param name="panel">Its number.</param>
    /// <param name="target">[Depth][width].</param>
    public void Pack(byte* matrix, long row, long column, int panel, float* target)
    {
        int count = Columns(panel), width = Width(panel);
        byte* from = matrix + First(panel) * column;
        if (column == sizeof(float)) PackRows(from, row, count, width, target);
        else PackColumns(from, column, count, width, target);
    }

    private void PackRows(byte* from, long row, int count, int width, float* target)
    {
        for (int k = 0; k < depth; k++, from += row, target += width)
        {
            new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(target, count));
            new Span<float>(target + count, width - count).Clear();
        }
    }

    // Four columns at a time become four lanes of each row.
    private void PackColumns(byte* from, long column, int count, int width, float* target)
    {
        int n = 0;
        for (; n <= count - Vector128<float>.Count; n += Vector128<float>.Count)
        {
            byte* columns = from + n * column;
            int k = 0;
            for (; k <= depth - Vector128<float>.Count; k += Vector128<float>.Count)
                Transpose4x4.Run(columns + k * sizeof(float), column, (byte*)(target + (long)k * width + n), width * sizeof(float));
            for (; k < depth; k++) PackElements(columns, column, Vector128<float>.Count, k, target + (long)k * width + n);
        }

        for (int k = 0; k < depth; k++)
        {
            PackElements(from + n * column, column, count - n, k, target + (long)k * width + n);
            new Span<float>(target + (long)k * width + count, width - count).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackElements(byte* from, long column, int count, int k, float* target)
    {
        for (int i = 0; i < count; i++) target[i] = *(float*)(from + i * column + k * sizeof(float));
    }
}
