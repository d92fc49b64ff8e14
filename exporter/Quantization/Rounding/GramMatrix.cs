using System.Numerics;

namespace ResNetEdge.Exporter.Quantization.Rounding;

/// <summary>
/// Sums of x and of x·xᵀ over what one group of output channels reads, in whole quantisation steps: exact, so the same on every machine. Entries between
/// different blocks of at most <see cref="MaxBlock"/> weights are left out; memory is 8 bytes · length · block.
/// </summary>
internal sealed class GramMatrix
{
    /// <summary>Most weights whose errors are balanced against each other: 128 channels of a 3×3 window. Bounds memory, and time, which grows with its square.</summary>
    public const int MaxBlock = 1152;

    private readonly int[] _starts; // of the blocks, and the length
    private readonly long[][] _sums; // [block][row][column], the triangle column >= row
    private readonly long[] _totals;
    private readonly int[] _row = new int[MaxBlock];

    /// <summary>All zeros.</summary>
    /// <param name="channels">Input channels of the group.</param>
    /// <param name="taps">Weights of a channel: height · width of the window.</param>
    public GramMatrix(int channels, int taps)
    {
        Length = channels * taps;
        int perBlock = Math.Max(1, MaxBlock / taps) * taps;
        _starts = [.. Enumerable.Range(0, (Length + perBlock - 1) / perBlock).Select(b => b * perBlock), Length];
        _sums = [.. Enumerable.Range(0, _starts.Length - 1).Select(b => new long[Size(b) * Size(b)])];
        _totals = new long[Length];
    }

    /// <summary>Weights of one output channel.</summary>
    public int Length { get; }

    /// <summary>Number of blocks.</summary>
    public int Blocks => _sums.Length;

    /// <summary>Vectors added.</summary>
    public int Count { get; private set; }

    /// <summary>First weight of a block.</summary>
    public int Start(int block) => _starts[block];

    /// <summary>Weights of a block.</summary>
    public int Size(int block) => _starts[block + 1] - _starts[block];

    /// <summary>Mean of element k of the vectors.</summary>
    public double Mean(int k) => Count == 0 ? 0 : (double)_totals[k] / Count;

    /// <summary>Covariance of two elements of a block, counted from its start.</summary>
    public double Covariance(int block, int row, int column)
    {
        if (Count == 0) return 0;
        var (low, high) = (Math.Min(row, column), Math.Max(row, column));
        return (double)_sums[block][low * Size(block) + high] / Count - Mean(Start(block) + row) * Mean(Start(block) + column);
    }

    /// <summary>Adds one vector.</summary>
    /// <param name="steps">[<see cref="Length"/>], each within ±255.</param>
    public void Add(ReadOnlySpan<short> steps)
    {
        Count++;
        for (int k = 0; k < steps.Length; k++) _totals[k] += steps[k];
        for (int b = 0; b < _sums.Length; b++)
        {
            int size = Size(b);
            var part = steps.Slice(_starts[b], size);
            for (int row = 0; row < size; row++)
            {
                if (part[row] != 0) AddProducts(part[row], part[row..], _sums[b].AsSpan(row * size + row, size - row));
            }
        }
    }

    private void AddProducts(int factor, ReadOnlySpan<short> steps, Span<long> sums)
    {
        var products = _row.AsSpan(0, steps.Length);
        int k = 0;
        for (; k <= steps.Length - Vector<short>.Count; k += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(steps[k..]), out var low, out var high);
            (low * factor).CopyTo(products[k..]);
            (high * factor).CopyTo(products[(k + Vector<int>.Count)..]);
        }

        for (; k < steps.Length; k++) products[k] = factor * steps[k];
        for (k = 0; k <= steps.Length - Vector<int>.Count; k += Vector<int>.Count)
        {
            Vector.Widen(new Vector<int>(products[k..]), out var low, out var high);
            (low + new Vector<long>(sums[k..])).CopyTo(sums[k..]);
            (high + new Vector<long>(sums[(k + Vector<long>.Count)..])).CopyTo(sums[(k + Vector<long>.Count)..]);
        }

        for (; k < steps.Length; k++) sums[k] += products[k];
    }
}
