using ResNetEdge.Backends.Cpu.Lines;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Backends.Cpu.Product;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Attention;

/// <summary>
/// Many queries: keys and values of a head are packed once, then block after block of queries is scored, goes through the softmax and is multiplied
/// by the values while its scores stay in the cache. Both products are the tiles of the convolutions.
/// </summary>
/// <typeparam name="TTile">The instruction set's tile.</typeparam>
/// <typeparam name="TLanes">Its lanes.</typeparam>
/// <typeparam name="TSums">How it sums.</typeparam>
internal sealed unsafe class AttentionFp32Blocks<TTile, TLanes, TSums> : PreparedKernel
    where TTile : struct, IPanelTile
    where TLanes : struct, IFloatLanes<TLanes>
    where TSums : struct, ILineSums
{
    /// <summary>Scores of a block of queries: half of a first-level cache of 64 KiB, and little beside any second one.</summary>
    private const int ScoreBytes = 32 << 10;

    private const int MostRows = 8 * IPanelTile.RowUnit;

    private readonly string _name;
    private readonly AttentionFp32Problem _problem;
    private readonly AttentionHead[] _heads;
    private readonly AttentionScratch _scratch;
    private readonly NativeBlock<uint> _queryOffsets, _scoreOffsets;
    private readonly NativeBlock<float> _zeros = new(TTile.WidestPanel);

    public AttentionFp32Blocks(string name, AttentionFp32Problem problem)
    {
        (_name, _problem, _heads, _scratch) = (name, problem, [.. problem.Heads], ScratchOf(problem));
        (_queryOffsets, _scoreOffsets) = (new NativeBlock<uint>(_scratch.Rows), new NativeBlock<uint>(_scratch.Rows));
        for (int row = 0; row < _scratch.Rows; row++)
        {
            _queryOffsets.Data[row] = (uint)(row * problem.QueryRow);
            _scoreOffsets.Data[row] = (uint)(row * _scratch.ScoreRow);
        }
    }

    public override string Name => _name;

    public override long PackedBytes => _queryOffsets.Bytes + _scoreOffsets.Bytes + _zeros.Bytes;

    /// <summary>With fewer queries packing costs more than it saves.</summary>
    public static bool CanRun(AttentionFp32Problem problem) => problem.Queries >= 6;

    /// <summary>Packed keys, packed values and a block of scores for each thread.</summary>
    public static long ScratchBytes(AttentionFp32Problem problem, int threads) => CanRun(problem) ? threads * ScratchOf(problem).Bytes : 0;

    public override void Run(byte* arena, int part, int parts)
    {
        var place = _problem.Scratch!.Value;
        parts = (int)Math.Min(parts, place.Bytes / _scratch.Bytes);
        if (part >= parts)
            return;
        byte* scratch = arena + place.Offset + part * _scratch.Bytes;
        int blocks = (_problem.Queries + _scratch.Rows - 1) / _scratch.Rows, packed = -1;
        var (start, end) = KernelPart.Range(checked(_heads.Length * blocks), part, parts);
        for (int i = start; i < end; i++)
        {
            var (head, block) = Math.DivRem(i, blocks);
            if (head != packed)
                Pack(arena, _heads[head], scratch);
            packed = head;
            Block(arena, _heads[head], block * _scratch.Rows, scratch);
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _queryOffsets.Dispose();
        _scoreOffsets.Dispose();
        _zeros.Dispose();
    }

    private static AttentionScratch ScratchOf(AttentionFp32Problem p)
    {
        // One more vector than the scores fill, so that rows of a power of two do not share their place in the cache.
        long row = ((p.Keys + 15) / 16 + 1) * 16L * sizeof(float);
        int rows = (int)Math.Clamp(ScoreBytes / row / IPanelTile.RowUnit * IPanelTile.RowUnit, IPanelTile.RowUnit, MostRows);
        return new(
            new ComputedPanels(p.Depth, p.Keys, TTile.WidestPanel), new ComputedPanels(p.Keys, p.ValueDepth, TTile.WidestPanel),
            Math.Min(rows, p.Queries), row);
    }

    private void Pack(byte* arena, AttentionHead head, byte* scratch)
    {
        var (p, keys, values) = (_problem, _scratch.Keys, _scratch.Values);
        for (int panel = 0; panel < keys.Count; panel++)
            keys.Pack(arena + p.Key + head.Key, p.KeyElement, p.KeyRow, panel, keys.Of(AttentionScratch.KeysIn(scratch), panel));
        for (int panel = 0; panel < values.Count; panel++)
            values.Pack(arena + p.Value + head.Value, p.ValueRow, sizeof(float), panel, values.Of(_scratch.ValuesIn(scratch), panel));
    }

    private void Block(byte* arena, AttentionHead head, int first, byte* scratch)
    {
        var p = _problem;
        int rows = Math.Min(_scratch.Rows, p.Queries - first);
        byte* scores = _scratch.ScoresIn(scratch);
        Multiply(
            new PanelProduct
            {
                Left = arena + p.Query + head.Query + first * p.QueryRow,
                Offsets = _queryOffsets.Data,
                Depth = p.Depth,
                Rows = rows,
                OutputRow = _scratch.ScoreRow,
            }, _scratch.Keys, AttentionScratch.KeysIn(scratch), scores);
        byte* mask = p.Mask is { } at ? arena + at + head.Mask + first * p.MaskRow : null;
        for (int row = 0; row < rows; row++)
        {
            float* line = (float*)(scores + row * _scratch.ScoreRow);
            SoftmaxLine<TLanes, TSums>.RunScaled(line, p.Keys, p.Scale, mask == null ? null : (float*)(mask + row * p.MaskRow));
        }

        Multiply(
            new PanelProduct
            {
                Left = scores,
                Offsets = _scoreOffsets.Data,
                Depth = p.Keys,
                Rows = rows,
                OutputRow = p.OutputRow,
            }, _scratch.Values, _scratch.ValuesIn(scratch), arena + p.Output + head.Output + first * p.OutputRow);
    }

    private void Multiply(PanelProduct product, ComputedPanels panels, float* packed, byte* output)
    {
        product.Zeros = _zeros.Data;
        for (int panel = 0; panel < panels.Count; panel++)
        {
            product.Panel = panels.Of(packed, panel);
            product.Width = panels.Width(panel);
            product.Columns = panels.Columns(panel);
            product.Output = output + panels.First(panel) * (long)sizeof(float);
            TTile.Multiply(in product);
        }
    }
}
