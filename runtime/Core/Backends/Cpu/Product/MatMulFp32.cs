using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Product;

/// <summary>
/// Products of float matrices; four rows of two registers at a time, neither side packed. Each element is one chain of fused multiply-adds
/// in the order of k, so that every instruction set gives the same bits.
/// </summary>
/// <typeparam name="TLanes">The instruction set's lanes; one lane is the reference.</typeparam>
/// <remarks>Columns are walked outside, so that the K · 2 registers of b that a panel reads stay in the cache for all rows.</remarks>
internal sealed unsafe class MatMulFp32<TLanes>(string name, MatMulFp32Problem problem) : PreparedKernel where TLanes : struct, IFloatLanes<TLanes>
{
    private const int Rows = 4;
    private readonly MatrixPair[] _pairs = [.. problem.Pairs];
    private readonly int _m = problem.M, _k = problem.K, _n = problem.N;

    public override string Name => name;

    public override void Run(byte* arena, int part, int parts)
    {
        int blocks = (_m + Rows - 1) / Rows;
        var (start, end) = KernelPart.Range(checked(_pairs.Length * blocks), part, parts);
        while (start < end)
        {
            var (matrix, first) = Math.DivRem(start, blocks);
            int last = Math.Min(blocks, first + end - start), rows = Math.Min(_m, last * Rows) - first * Rows;
            float* a = (float*)(arena + problem.Left) + ((long)_pairs[matrix].Left * _m + first * Rows) * _k;
            float* b = (float*)(arena + problem.Right) + (long)_pairs[matrix].Right * _k * _n;
            Multiply(a, b, (float*)(arena + problem.Output) + ((long)matrix * _m + first * Rows) * _n, rows);
            start += last - first;
        }
    }

    private void Multiply(float* a, float* b, float* y, int rows)
    {
        int column = 0;
        for (; column <= _n - 2 * TLanes.Count; column += 2 * TLanes.Count) Panel(a, b + column, y + column, rows);
        for (; column <= _n - TLanes.Count; column += TLanes.Count) Column<TLanes>(a, b + column, y + column, rows);
        if (column == _n) return;
        // What is left over is computed with the columns before it once more: the same bits again.
        if (_n >= TLanes.Count) Column<TLanes>(a, b + (_n - TLanes.Count), y + (_n - TLanes.Count), rows);
        else for (; column < _n; column++) Column<Float32x1>(a, b + column, y + column, rows);
    }

    private void Panel(float* a, float* b, float* y, int rows)
    {
        int row = 0;
        for (; row <= rows - Rows; row += Rows) FourByTwo(a + (long)row * _k, b, y + (long)row * _n);
        for (; row < rows; row++)
        {
            One<TLanes>(a + (long)row * _k, b, y + (long)row * _n);
            One<TLanes>(a + (long)row * _k, b + TLanes.Count, y + (long)row * _n + TLanes.Count);
        }
    }

    private void Column<T>(float* a, float* b, float* y, int rows) where T : struct, IFloatLanes<T>
    {
        int row = 0;
        for (; row <= rows - Rows; row += Rows) Four<T>(a + (long)row * _k, b, y + (long)row * _n);
        for (; row < rows; row++) One<T>(a + (long)row * _k, b, y + (long)row * _n);
    }

    private void FourByTwo(float* a, float* b, float* y)
    {
        int k = _k, n = _n;
        TLanes zero = TLanes.Of(0);
        TLanes y00 = zero, y01 = zero, y10 = zero, y11 = zero, y20 = zero, y21 = zero, y30 = zero, y31 = zero;
        for (int p = 0; p < k; p++, a++, b += n)
        {
            TLanes left = TLanes.Load(b), right = TLanes.Load(b + TLanes.Count);
            TLanes x = TLanes.Broadcast(a);
            y00 = TLanes.FusedMultiplyAdd(x, left, y00);
            y01 = TLanes.FusedMultiplyAdd(x, right, y01);
            x = TLanes.Broadcast(a + k);
            y10 = TLanes.FusedMultiplyAdd(x, left, y10);
            y11 = TLanes.FusedMultiplyAdd(x, right, y11);
            x = TLanes.Broadcast(a + 2L * k);
            y20 = TLanes.FusedMultiplyAdd(x, left, y20);
            y21 = TLanes.FusedMultiplyAdd(x, right, y21);
            x = TLanes.Broadcast(a + 3L * k);
            y30 = TLanes.FusedMultiplyAdd(x, left, y30);
            y31 = TLanes.FusedMultiplyAdd(x, right, y31);
        }

        Store(y, y00, y01);
        Store(y + n, y10, y11);
        Store(y + 2L * n, y20, y21);
        Store(y + 3L * n, y30, y31);
    }

    private void Four<T>(float* a, float* b, float* y) where T : struct, IFloatLanes<T>
    {
        int k = _k, n = _n;
        T y0 = T.Of(0), y1 = y0, y2 = y0, y3 = y0;
        for (int p = 0; p < k; p++, a++, b += n)
        {
            T x = T.Load(b);
            y0 = T.FusedMultiplyAdd(T.Broadcast(a), x, y0);
            y1 = T.FusedMultiplyAdd(T.Broadcast(a + k), x, y1);
            y2 = T.FusedMultiplyAdd(T.Broadcast(a + 2L * k), x, y2);
            y3 = T.FusedMultiplyAdd(T.Broadcast(a + 3L * k), x, y3);
        }

        y0.Store(y);
        y1.Store(y + n);
        y2.Store(y + 2L * n);
        y3.Store(y + 3L * n);
    }

    private void One<T>(float* a, float* b, float* y) where T : struct, IFloatLanes<T>
    {
        T sum = T.Of(0);
        for (int p = 0; p < _k; p++, a++, b += _n) sum = T.FusedMultiplyAdd(T.Broadcast(a), T.Load(b), sum);
        sum.Store(y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* y, TLanes left, TLanes right)
    {
        left.Store(y);
        right.Store(y + TLanes.Count);
    }
}
