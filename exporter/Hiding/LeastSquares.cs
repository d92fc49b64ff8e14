using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>
/// Least squares in closed form, fed row by row: finds W that makes |a·W − t|² small over all rows, drawn towards a prior W₀ by a ridge. Holds the
/// normal equations, not the rows: memory is the same however many there are. A column of ones for the constant term is the caller's.
/// </summary>
/// <remarks>Hoerl and Kennard, "Ridge regression", Technometrics 12 (1970). Sums of 256 rows in float, of those in double.</remarks>
/// <param name="inputs">Elements of a.</param>
/// <param name="outputs">Elements of t.</param>
internal sealed class LeastSquares(int inputs, int outputs)
{
    private const int Batch = 8; // rows that one pass over the sums takes
    private const int FlushesPerPartial = 32;

    private readonly int _width = inputs + outputs;
    // [inputs][inputs + outputs]: aᵀa, then aᵀt; below the diagonal nothing is kept
    private readonly double[] _sums = new double[inputs * (inputs + outputs)];
    private readonly float[] _partial = new float[inputs * (inputs + outputs)]; // the same of the last rows only, few enough for float
    private readonly float[] _rows = new float[Batch * (inputs + outputs)];
    private int _pending, _flushes;

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Takes a row.</summary>
    /// <param name="a">[inputs].</param>
    /// <param name="t">[outputs].</param>
    public void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> t)
    {
        var row = _rows.AsSpan(_pending * _width, _width);
        a.CopyTo(row);
        t.CopyTo(row[inputs..]);
        Rows++;
        if (++_pending == Batch) Flush();
    }

    /// <summary>Solves (aᵀa + λ·D) W = aᵀt + λ·D W₀, D being aᵀa's mean diagonal element on the diagonal.</summary>
    /// <param name="ridge">λ; positive.</param>
    /// <param name="prior">W₀, [inputs][outputs]; null for zeros.</param>
    /// <returns>W, [inputs][outputs].</returns>
    /// <exception cref="EdgeException">Exit 3: the rows are not finite, or there is no row but zeros.</exception>
    public double[] Solve(double ridge, ReadOnlySpan<double> prior = default)
    {
        Flush();
        FlushPartial();
        double mean = 0;
        for (int i = 0; i < inputs; i++) mean += _sums[i * _width + i] / inputs;
        if (!double.IsFinite(mean) || mean <= 0)
            throw EdgeException.BadInput("a repair cannot be fitted to activations that are not finite or all zero; use other pictures");
        double weight = ridge * mean;
        double[] lower = new double[inputs * inputs], solution = new double[inputs * outputs];
        for (int i = 0; i < inputs; i++)
        {
            for (int j = 0; j <= i; j++) lower[i * inputs + j] = _sums[j * _width + i] + (i == j ? weight : 0);
            for (int o = 0; o < outputs; o++)
                solution[i * outputs + o] = _sums[i * _width + inputs + o] + (prior.IsEmpty ? 0 : weight * prior[i * outputs + o]);
        }

        Factor(lower, inputs);
        Substitute(lower, solution);
        return solution;
    }

    // Adds the pending rows' products, for each i: partial[i][i..] += Σ row[i] · row[i..]. Eight
    // rows at a time, so that a sum is loaded and stored once for eight products.
    private void Flush()
    {
        if (_pending == 0) return;
        _rows.AsSpan(_pending * _width).Clear();
        Span<float> a = stackalloc float[Batch];
        for (int i = 0; i < inputs; i++)
        {
            bool isZero = true;
            for (int r = 0; r < Batch; r++) isZero &= (a[r] = _rows[r * _width + i]) == 0;
            if (isZero) continue; // behind a ReLU, many
            var sums = _partial.AsSpan(i * _width + i, _width - i);
            var wide = MemoryMarshal.Cast<float, Vector512<float>>(sums);
            ReadOnlySpan<Vector512<float>> w0 = Row(0, i), w1 = Row(1, i), w2 = Row(2, i),
                w3 = Row(3, i), w4 = Row(4, i), w5 = Row(5, i), w6 = Row(6, i), w7 = Row(7, i);
            for (int v = 0; v < wide.Length; v++)
                wide[v] += (w0[v] * a[0] + w1[v] * a[1] + (w2[v] * a[2] + w3[v] * a[3]))
                    + (w4[v] * a[4] + w5[v] * a[5] + (w6[v] * a[6] + w7[v] * a[7]));
            for (int j = wide.Length * Vector512<float>.Count; j < sums.Length; j++)
                for (int r = 0; r < Batch; r++) sums[j] += _rows[r * _width + i + j] * a[r];
        }

        _pending = 0;
        if (++_flushes == FlushesPerPartial) FlushPartial();
    }

    private ReadOnlySpan<Vector512<float>> Row(int row, int from) =>
        MemoryMarshal.Cast<float, Vector512<float>>(_rows.AsSpan(row * _width + from, _width - from));

    private void FlushPartial()
    {
        for (int i = 0; i < _sums.Length; i++) _sums[i] += _partial[i];
        Array.Clear(_partial);
        _flushes = 0;
    }

    // Cholesky: A = L·Lᵀ in place. The ridge keeps it positive definite.
    private static void Factor(double[] a, int n)
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = a[i * n + j] - Dot(a.AsSpan(i * n, j), a.AsSpan(j * n, j));
                if (i != j) a[i * n + j] = sum / a[j * n + j];
                else
                    a[i * n + i] = sum > 0 ? Math.Sqrt(sum) : throw EdgeException.BadInput(
                        "a repair cannot be fitted: the activations are not finite or the ridge is too small; use other pictures");
            }
        }
    }

    // L·Lᵀ x = b, for all columns of b at once.
    private void Substitute(double[] lower, double[] x)
    {
        for (int i = 0; i < inputs; i++)
        {
            for (int k = 0; k < i; k++) Subtract(x, i, k, lower[i * inputs + k]);
            Divide(x, i, lower[i * inputs + i]);
        }

        for (int i = inputs - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < inputs; k++) Subtract(x, i, k, lower[k * inputs + i]);
            Divide(x, i, lower[i * inputs + i]);
        }
    }

    private void Subtract(double[] x, int from, int row, double factor)
    {
        Span<double> target = x.AsSpan(from * outputs, outputs), source = x.AsSpan(row * outputs, outputs);
        var wide = MemoryMarshal.Cast<double, Vector<double>>(target);
        ReadOnlySpan<Vector<double>> other = MemoryMarshal.Cast<double, Vector<double>>(source);
        for (int v = 0; v < wide.Length; v++) wide[v] -= other[v] * factor;
        for (int o = wide.Length * Vector<double>.Count; o < outputs; o++) target[o] -= factor * source[o];
    }

    private void Divide(double[] x, int row, double by)
    {
        for (int o = 0; o < outputs; o++) x[row * outputs + o] /= by;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ReadOnlySpan<Vector<double>> va = MemoryMarshal.Cast<double, Vector<double>>(a), vb = MemoryMarshal.Cast<double, Vector<double>>(b);
        var sum = Vector<double>.Zero;
        for (int v = 0; v < va.Length; v++) sum += va[v] * vb[v];
        double total = Vector.Sum(sum);
        for (int i = va.Length * Vector<double>.Count; i < a.Length; i++) total += a[i] * b[i];
        return total;
    }
}
