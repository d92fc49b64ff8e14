using System.Numerics;

namespace ResNetEdge.Exporter.Quantization.Rounding;

/// <summary>
/// Rounds the weights of one block so that what the layer computes changes least, not each weight; the bias takes up the mean: given the covariance H
/// of x, makes (w − q)ᵀ·H·(w − q) small. One weight after another is rounded, and the error made so far is compensated by those still to come.
/// </summary>
/// <remarks>
/// The greedy solution of GPTQ (Frantar et al., arXiv:2210.17323), written as Babai's nearest plane algorithm: with H = Rᵀ·R, R upper triangular,
/// weight k is rounded after w[k] + Σ R[k][j] / R[k][k] · (w[j] − q[j]) over the later j. Largest H[k][k] first. Every vector operation is element by
/// element, without fused multiply-add, so that the result does not depend on the machine.
/// </remarks>
internal sealed class NearestPlane
{
    // This share of the mean of the diagonal is added to it: few vectors say little about directions that they hardly show.
    private const double Damping = 0.01;

    private readonly int[] _order; // ascending by H[k][k]; the last is rounded first
    private readonly double[] _factor; // R, row-major, in that order

    /// <summary>Factorises one block of a matrix.</summary>
    public NearestPlane(GramMatrix gram, int block)
    {
        int size = gram.Size(block);
        _order = [.. Enumerable.Range(0, size).OrderBy(k => gram.Covariance(block, k, k))];
        double damping = Damping * Math.Max(1e-6, Enumerable.Range(0, size).Average(k => gram.Covariance(block, k, k)));
        _factor = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int j = i; j < size; j++) _factor[i * size + j] = gram.Covariance(block, _order[i], _order[j]) + (i == j ? damping : 0);
        }

        Factorize(_factor, size);
    }

    /// <summary>Rounds weights so that the errors of a channel cancel each other as far as possible.</summary>
    /// <param name="weights">[k][output], in steps; k as in the block. Holds the rounded weights afterwards.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="limit">Largest magnitude.</param>
    public void Round(double[][] weights, int outputs, int limit)
    {
        int size = _order.Length;
        double[][] errors = new double[size][];
        for (int k = size - 1; k >= 0; k--)
        {
            double[] target = weights[_order[k]], error = (double[])target.Clone();
            double pivot = _factor[k * size + k];
            for (int j = k + 1; j < size; j++) AddScaled(target, _factor[k * size + j] / pivot, errors[j]);
            for (int o = 0; o < outputs; o++)
            {
                target[o] = Math.Clamp(Math.Round(target[o]), -limit, limit);
                error[o] -= target[o];
            }

            errors[k] = error;
        }
    }

    // Cholesky, right-looking: each row, once final, is taken out of all rows below it.
    private static void Factorize(double[] matrix, int size)
    {
        for (int k = 0; k < size; k++)
        {
            double pivot = Math.Sqrt(matrix[k * size + k]);
            var row = matrix.AsSpan(k * size + k, size - k);
            for (int j = 0; j < row.Length; j++) row[j] /= pivot;
            for (int i = 1; i < row.Length; i++)
            {
                if (row[i] != 0) AddScaled(matrix.AsSpan((k + i) * size + k + i, size - k - i), -row[i], row[i..]);
            }
        }
    }

    private static void AddScaled(Span<double> target, double factor, ReadOnlySpan<double> source)
    {
        int k = 0;
        for (; k <= target.Length - Vector<double>.Count; k += Vector<double>.Count)
        {
            (new Vector<double>(target[k..]) + new Vector<double>(source[k..]) * factor).CopyTo(target[k..]);
        }

        for (; k < target.Length; k++) target[k] += source[k] * factor;
    }
}
