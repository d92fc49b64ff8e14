using System.Buffers;
using System.Runtime.Intrinsics;
using ResNetEdge.Backends.Cpu.Conv;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>
/// Weights for gathered activations, whose taps lie one behind the other without a gap: panels of sixteen channels in whole steps of four products
/// (<see cref="Pack"/>) or in whole blocks of sixteen (<see cref="PackRows"/>). Missing elements are zero.
/// </summary>
internal static unsafe class PackInt8Dense
{
    private const int Lanes = 16, Step = 4, Block = 16, RowLanes = 4;

    /// <summary>Bytes of a panel in steps.</summary>
    public static long PanelBytes(int depth) => (long)Divide(depth, Step) * Step * Lanes;

    /// <summary>Bytes of a panel in rows.</summary>
    public static long RowPanelBytes(int depth) => (long)Divide(depth, Block) * Block * Lanes;

    /// <summary>[panel][depth / 4][16][4], for dot products of four.</summary>
    public static NativeBlock<sbyte> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels)
    {
        int steps = Divide(layout.Taps * layout.TapLength, Step);
        return PackEach(weights, layout, panels, steps * Step, (row, panel, lane) =>
        {
            uint* target = (uint*)panel + lane;
            for (int i = 0; i < steps; i++)
                target[i * Lanes] = ((uint*)row)[i];
        });
    }

    /// <summary>[panel][16 / 4][depth / 16][4][16]: sixteen products of one channel after the other, four channels together.</summary>
    public static NativeBlock<sbyte> PackRows(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels)
    {
        int blocks = Divide(layout.Taps * layout.TapLength, Block);
        return PackEach(weights, layout, panels, blocks * Block, (row, panel, lane) =>
        {
            sbyte* target = panel + ((long)(lane / RowLanes) * blocks * RowLanes + lane % RowLanes) * Block;
            for (int i = 0; i < blocks; i++)
                Vector128.Load(row + i * Block).Store(target + i * RowLanes * Block);
        });
    }

    private static NativeBlock<sbyte> PackEach(
        ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels, int pitch, PutRow put)
    {
        var packed = new NativeBlock<sbyte>((long)panels.Length * pitch * Lanes);
        sbyte[] row = ArrayPool<sbyte>.Shared.Rent(pitch);
        row.AsSpan().Clear();
        fixed (sbyte* gathered = row)
        {
            for (int i = 0; i < panels.Length; i++)
            {
                for (int lane = 0; lane < panels[i].Count; lane++)
                {
                    layout.Gather(weights, panels[i].First + lane, row, layout.TapLength);
                    put(gathered, packed.Data + (long)i * pitch * Lanes, lane);
                    if (layout.Groups != layout.Shape.Groups)
                        row.AsSpan().Clear();
                }
            }
        }

        ArrayPool<sbyte>.Shared.Return(row);
        return packed;
    }

    private static int Divide(int a, int b) => (a + b - 1) / b;

    /// <summary>Puts the weights of one channel, in the order of its activations, into a panel.</summary>
    private delegate void PutRow(sbyte* row, sbyte* panel, int lane);
}
