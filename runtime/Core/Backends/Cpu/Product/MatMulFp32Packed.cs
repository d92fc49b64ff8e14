using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Product;

/// <summary>
/// The right matrix is packed into panels, one at a time, and multiplied by the tiles of the convolutions; equals the reference bit for bit.
/// </summary>
/// <typeparam name="TTile">The instruction set's tile.</typeparam>
internal sealed unsafe class MatMulFp32Packed<TTile> : PreparedKernel where TTile : struct, IPanelTile
{
    /// <summary>Rows that a thread takes at a time.</summary>
    private const int BlockRows = 4 * IPanelTile.RowUnit;

    private readonly string _name;
    private readonly MatMulFp32Problem _problem;
    private readonly MatrixTriple[] _products;
    private readonly ComputedPanels _panels;
    private readonly NativeBlock<uint> _offsets;
    private readonly NativeBlock<float> _zeros = new(TTile.WidestPanel);

    public MatMulFp32Packed(string name, MatMulFp32Problem problem)
    {
        (_name, _problem, _products, _panels) = (name, problem, [.. problem.Products], PanelsOf(problem));
        _offsets = new NativeBlock<uint>(problem.M);
        for (int row = 0; row < problem.M; row++)
            _offsets.Data[row] = (uint)(row * problem.LeftRow);
    }

    public override string Name => _name;

    public override long PackedBytes => _offsets.Bytes + _zeros.Bytes;

    /// <summary>A panel for each thread.</summary>
    public static long ScratchBytes(MatMulFp32Problem problem, int threads) => threads * PartBytes(problem);

    public override void Run(byte* arena, int part, int parts)
    {
        var scratch = _problem.Scratch!.Value;
        parts = (int)Math.Min(parts, scratch.Bytes / PartBytes(_problem));
        if (part >= parts)
            return;
        float* panel = (float*)(arena + scratch.Offset + part * PartBytes(_problem));
        int blocks = (_problem.M + BlockRows - 1) / BlockRows;
        var (start, end) = KernelPart.Range(checked(_products.Length * _panels.Count * blocks), part, parts);
        while (start < end)
        {
            var (unit, first) = Math.DivRem(start, blocks);
            int last = Math.Min(blocks, first + end - start);
            Multiply(arena, unit, first * BlockRows, Math.Min(_problem.M, last * BlockRows), panel);
            start += last - first;
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _offsets.Dispose();
        _zeros.Dispose();
    }

    private static ComputedPanels PanelsOf(MatMulFp32Problem problem) => new(problem.K, problem.N, TTile.WidestPanel);

    private static long PartBytes(MatMulFp32Problem problem) => ((long)problem.K * PanelsOf(problem).Width(0) * sizeof(float) + 63) / 64 * 64;

    private void Multiply(byte* arena, int unit, int firstRow, int endRow, float* target)
    {
        var p = _problem;
        var (number, panel) = Math.DivRem(unit, _panels.Count);
        var product = _products[number];
        _panels.Pack(arena + p.Right + product.Right, p.RightRow, p.RightColumn, panel, target);
        TTile.Multiply(new PanelProduct
        {
            Left = arena + p.Left + product.Left,
            Offsets = _offsets.Data + firstRow,
            Panel = target,
            Zeros = _zeros.Data,
            Output = arena + p.Output + product.Output + firstRow * p.OutputRow + _panels.First(panel) * (long)sizeof(float),
            OutputRow = p.OutputRow,
            Rows = endRow - firstRow,
            Depth = p.K,
            Width = _panels.Width(panel),
            Columns = _panels.Columns(panel),
        });
    }
}
