using System.Buffers;
using System.Runtime.Intrinsics;
using ResNetEdge.Backends.Cpu.Conv;
using ResNetEdge.Backends.Cpu.Layout;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>
/// Weights for gathered activations, whose taps lie one behind the other without a gap: panels of sixteen channels in whole steps of four products
/// (<see cref="Pack"/>) or in whole blocks of sixteen (<see cref="PackRows"/>). Missing elements are zero.
/// </summary>
internal static unsafe class PackInt8Dense
{
    /// <summary>Channels that are packed together.</summary>
    private const int Rows = 4;

    private const int Lanes = 16, Step = 4, Block = 16;

    /// <summary>Bytes of a panel in steps.</summary>
    public static long PanelBytes(int depth) => (long)Divide(depth, Step) * Step * Lanes;

    /// <summary>Bytes of a panel in rows.</summary>
    public static long RowPanelBytes(int depth) => (long)Divide(depth, Block) * Block * Lanes;

    /// <summary>[panel][depth / 4][16][4], for dot products of four.</summary>
    public static NativeBlock<sbyte> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels)
    {
        int steps = Divide(layout.Taps * layout.TapLength, Step), pitch = steps * Step;
        return PackEach(weights, layout, panels, pitch, (rows, panel, lane) =>
        {
            byte* to = (byte*)panel + lane * Step;
            int i = 0;
            for (; i <= steps - Rows; i += Rows)
                Transpose4x4.Run((byte*)rows + i * Step, pitch, to + i * Lanes * Step, Lanes * Step);
            for (; i < steps; i++)
                for (int row = 0; row < Rows; row++)
                    ((uint*)to)[i * Lanes + row] = ((uint*)(rows + (long)row * pitch))[i];
        });
    }

    /// <summary>[panel][16 / 4][depth / 16][4][16]: sixteen products of one channel after the other, four channels together.</summary>
    public static NativeBlock<sbyte> PackRows(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels)
    {
        int pitch = Divide(layout.Taps * layout.TapLength, Block) * Block;
        return PackEach(weights, layout, panels, pitch, (rows, panel, lane) =>
        {
            sbyte* to = panel + (long)lane * pitch;
            for (int i = 0; i < pitch; i += Block, rows += Block, to += Rows * Block)
            {
                Vector128.Load(rows).Store(to);
                Vector128.Load(rows + pitch).Store(to + Block);
                Vector128.Load(rows + 2 * (nint)pitch).Store(to + 2 * Block);
                Vector128.Load(rows + 3 * (nint)pitch).Store(to + 3 * Block);
            }
        });
    }

    private static NativeBlock<sbyte> PackEach(
        ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels, int pitch, PutRows put)
    {
        var packed = new NativeBlock<sbyte>((long)panels.Length * pitch * Lanes);
        bool isMerged = layout.Groups != layout.Shape.Groups;
        sbyte[] buffer = ArrayPool<sbyte>.Shared.Rent(Rows * pitch);
        var rows = buffer.AsSpan(0, Rows * pitch);
        rows.Clear();
        fixed (sbyte* gathered = rows)
        {
            for (int i = 0; i < panels.Length; i++)
            {
                for (int lane = 0; lane < panels[i].Count; lane += Rows)
                {
                    int count = Math.Min(Rows, panels[i].Count - lane);
                    if (isMerged || count < Rows)
                        rows.Clear();
                    for (int row = 0; row < count; row++)
                        layout.Gather(weights, panels[i].First + lane + row, rows[(row * pitch)..], layout.TapLength);
                    put(gathered, packed.Data + (long)i * pitch * Lanes, lane);
                }
            }
        }

        ArrayPool<sbyte>.Shared.Return(buffer);
        return packed;
    }

    private static int Divide(int a, int b) => (a + b - 1) / b;

    /// <summary>Puts the weights of four channels, [4][pitch] in the order of their activations, into a panel.</summary>
    private delegate void PutRows(sbyte* rows, sbyte* panel, int lane);
}
