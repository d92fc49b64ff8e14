using ResNetEdge.Backends.Cpu.Conv.Depthwise;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Rows;

/// <summary>How a kernel goes along the rows of a picture: the tiles of a row, and the rows.</summary>
internal sealed unsafe class RowConvTiles : IDisposable
{
    private readonly NativeBlock<RowConvTile> _tiles;
    private readonly NativeBlock<RowConvLine> _lines;

    /// <param name="problem">A checked problem.</param>
    /// <param name="shape">Of the kernel, whose tiles read inside the picture.</param>
    public RowConvTiles(ConvFp32Problem problem, RowConvShape shape)
    {
        var s = problem.Shape;
        Count = CountOf(s, shape);
        _tiles = new NativeBlock<RowConvTile>(Count);
        for (int i = 0; i < Count; i++) _tiles.Data[i] = Tile(problem, shape, i);
        _lines = new NativeBlock<RowConvLine>(s.OutputLines);
        var walk = new DepthwiseWalk(problem, shape.Pixels);
        for (int line = 0; line < s.OutputLines; line++)
        {
            var row = walk.Row(null, line);
            _lines.Data[line] = new RowConvLine
            {
                Input = (long)row.Input,
                Output = (long)row.Output,
                Weights = (long)row.FirstTap * s.GroupInputChannels * PackRows.Width * sizeof(float),
                FilterRows = row.Taps,
            };
        }
    }

    /// <summary>Tiles of a row.</summary>
    public int Count { get; }

    /// <summary>[<see cref="Count"/>]; the last one may begin before the end of the one before it.</summary>
    public RowConvTile* Tiles => _tiles.Data;

    /// <summary>[output rows of all pictures].</summary>
    public RowConvLine* Lines => _lines.Data;

    /// <summary>Native memory of both.</summary>
    public long Bytes => _tiles.Bytes + _lines.Bytes;

    /// <summary>Tiles of a row.</summary>
    public static int CountOf(ConvShape s, RowConvShape shape) => (s.OutputWidth + shape.Pixels - 1) / shape.Pixels;

    /// <summary>No column that has no mask lies outside the picture.</summary>
    public static bool ReadsInside(ConvShape s, RowConvShape shape)
    {
        int last = Start(s, shape, CountOf(s, shape) - 1) * s.StrideWidth - s.PadLeft, open = shape.Columns - shape.MaskedColumns;
        return s.PadLeft <= shape.MaskedColumns && last + open <= s.InputWidth;
    }

    public void Dispose()
    {
        _tiles.Dispose();
        _lines.Dispose();
    }

    /// <summary>First output column of a tile.</summary>
    private static int Start(ConvShape s, RowConvShape shape, int tile) => Math.Min(tile * shape.Pixels, s.OutputWidth - shape.Pixels);

    private static RowConvTile Tile(ConvFp32Problem problem, RowConvShape shape, int index)
    {
        var s = problem.Shape;
        int start = Start(s, shape, index), first = start * s.StrideWidth - s.PadLeft;
        var tile = new RowConvTile { Input = (long)first * problem.Input.PixelStride, Output = (long)start * problem.Output.PixelStride };
        for (int i = 0; i < shape.MaskedColumns; i++)
        {
            tile.Masks[i] = Mask(first + i);
            tile.Masks[RowConvTile.MaskedColumns + i] = Mask(first + shape.Columns - shape.MaskedColumns + i);
        }

        return tile;

        ulong Mask(int column) => (uint)column < (uint)s.InputWidth ? ulong.MaxValue : 0;
    }
}
