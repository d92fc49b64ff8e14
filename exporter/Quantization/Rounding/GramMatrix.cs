using System.Numerics;
using System.Runtime.CompilerServices;

namespace ResNetEdge.Exporter.Quantization.Rounding;

/// <summary>
/// Sums of x and of x·xᵀ over what one group of output channels reads, in whole quantisation steps: exact,
/// so the same on every machine. Entries between different blocks of at most <see cref="MaxBlock"/>
/// weights are left out; memory is 8 bytes · length · block, and 512 · length for vectors not yet added.
/// </summary>
internal sealed class GramMatrix
{
    /// <summary>
    /// Most weights whose errors are balanced against each other: 128 channels of a 3×3 window. Bounds memory, and time, which grows with its square.
    /// </summary>
    public const int MaxBlock = 1152;

    // Sums of so many products of whole numbers up to 255² stay below 2²⁴, where float still counts exactly, in whatever order.
    private const int Batch = 128;

    private const int TileRows = 4;

    // Floats of a cache line: vectors that lie an odd number of them apart do not push each other out.
    private const int Line = 16;

    private readonly int[] _starts; // of the blocks, and the length
    private readonly double[][] _sums; // [block][row][column], the triangle column >= row; whole numbers
    private readonly double[] _totals;
    private readonly float[] _pending; // [Batch][length, padded]
    private readonly int _stride;
    private int _waiting;

    /// <summary>A matrix of zeros.</summary>
    /// <param name="channels">Input channels of the group.</param>
    /// <param name="taps">Weights of a channel: height · width of the window.</param>
    public GramMatrix(int channels, int taps)
    {
        Length = channels * taps;
        int perBlock = Math.Max(1, MaxBlock / taps) * taps;
        _starts = [.. Enumerable.Range(0, (Length + perBlock - 1) / perBlock).Select(b => b * perBlock), Length];
        _sums = [.. Enumerable.Range(0, _starts.Length - 1).Select(b => new double[Size(b) * Size(b)])];
        _totals = new double[Length];
        _stride = (Length / Line + 1 | 1) * Line;
        _pending = new float[Batch * _stride];
    }

    /// <summary>Weights of one output channel.</summary>
    public int Length { get; }

    /// <summary>Number of blocks.</summary>
    public int Blocks => _sums.Length;

    /// <summary>Number of vectors added.</summary>
    public int Count { get; private set; }

    /// <summary>First weight of a block.</summary>
    public int Start(int block) => _starts[block];

    /// <summary>Weights of a block.</summary>
    public int Size(int block) => _starts[block + 1] - _starts[block];

    /// <summary>Mean of element k of the vectors.</summary>
    public double Mean(int k) => Count == 0 ? 0 : _totals[k] / Count;

    /// <summary>Covariance of two elements of a block, counted from its start.</summary>
    public double Covariance(int block, int row, int column)
    {
        if (Count == 0) return 0;
        if (_waiting > 0) AddPending();
        var (low, high) = (Math.Min(row, column), Math.Max(row, column));
        return _sums[block][low * Size(block) + high] / Count - Mean(Start(block) + row) * Mean(Start(block) + column);
    }

    /// <summary>Adds one vector.</summary>
    /// <param name="steps">[<see cref="Length"/>], each within ±255.</param>
    public void Add(ReadOnlySpan<short> steps)
    {
        var row = _pending.AsSpan(_waiting * _stride, Length);
        for (int k = 0; k < row.Length; k++)
        {
            row[k] = steps[k];
            _totals[k] += steps[k];
        }

        Count++;
        if (++_waiting == Batch) AddPending();
    }

    private void AddPending()
    {
        for (int b = 0; b < Blocks; b++)
        {
            int size = Size(b), row = 0;
            for (; row <= size - TileRows; row += TileRows)
            {
                int column = row;
                for (; column <= size - 2 * Vector<float>.Count; column += 2 * Vector<float>.Count) AddTile(b, row, column);
                for (; column < size; column++) AddProducts(b, row, row + TileRows, column);
            }

            for (int column = row; column < size; column++) AddProducts(b, row, size, column);
        }

        _waiting = 0;
    }

    // Four rows by two vectors of columns: sums stay in registers over the whole batch.
    private void AddTile(int block, int row, int column)
    {
        ref float first = ref _pending[_starts[block]];
        Vector<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (int i = 0, at = 0; i < _waiting; i++, at += _stride)
        {
            var x = Unsafe.As<float, Vector<float>>(ref Unsafe.Add(ref first, at + column));
            var y = Unsafe.As<float, Vector<float>>(ref Unsafe.Add(ref first, at + column + Vector<float>.Count));
            var factor = new Vector<float>(Unsafe.Add(ref first, at + row));
            a += x * factor;
            b += y * factor;
            factor = new Vector<float>(Unsafe.Add(ref first, at + row + 1));
            c += x * factor;
            d += y * factor;
            factor = new Vector<float>(Unsafe.Add(ref first, at + row + 2));
            e += x * factor;
            f += y * factor;
            factor = new Vector<float>(Unsafe.Add(ref first, at + row + 3));
            g += x * factor;
            h += y * factor;
        }

        Store(a, b, block, row, column);
        Store(c, d, block, row + 1, column);
        Store(e, f, block, row + 2, column);
        Store(g, h, block, row + 3, column);
    }

    private void Store(Vector<float> left, Vector<float> right, int block, int row, int column)
    {
        var sums = _sums[block].AsSpan(row * Size(block) + column);
        Store(left, sums);
        Store(right, sums[Vector<float>.Count..]);
    }

    private static void Store(Vector<float> products, Span<double> sums)
    {
        Vector.Widen(products, out var low, out var high);
        (low + new Vector<double>(sums)).CopyTo(sums);
        sums = sums[Vector<double>.Count..];
        (high + new Vector<double>(sums)).CopyTo(sums);
    }

    private void AddProducts(int block, int from, int to, int column)
    {
        int start = _starts[block], size = Size(block);
        for (int row = from; row < to; row++)
        {
            float sum = 0;
            for (int i = 0; i < _waiting; i++) sum += _pending[i * _stride + start + row] * _pending[i * _stride + start + column];
            _sums[block][row * size + column] += sum;
        }
    }
}
