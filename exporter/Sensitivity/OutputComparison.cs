using ResNetEdge.Tasks.Classification;

namespace ResNetEdge.Exporter.Sensitivity;

/// <summary>Sums up the difference of two networks' outputs, picture by picture.</summary>
/// <param name="areClasses">Whether an output is one score per class.</param>
/// <param name="areProbabilities">Whether the scores are probabilities already, not logits.</param>
internal sealed class OutputComparison(bool areClasses, bool areProbabilities)
{
    private const double LeastProbability = 1e-12;

    private double _signal, _noise, _cosine, _divergence;
    private int _pictures, _agreeing;

    /// <summary>Takes in one picture.</summary>
    /// <param name="expected">Of the original.</param>
    /// <param name="actual">Of the changed network; as long.</param>
    public void Add(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        double product = 0, left = 0, right = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double e = expected[i], a = actual[i];
            _signal += e * e;
            _noise += (a - e) * (a - e);
            (product, left, right) = (product + e * a, left + e * e, right + a * a);
        }

        _pictures++;
        _cosine += left == 0 && right == 0 ? 1 : product / Math.Max(double.Epsilon, Math.Sqrt(left) * Math.Sqrt(right));
        if (!areClasses) return;
        if (TopK.Largest(expected) == TopK.Largest(actual)) _agreeing++;
        double[] p = Probabilities(expected), q = Probabilities(actual);
        for (int c = 0; c < p.Length; c++)
        {
            if (p[c] > 0) _divergence += p[c] * Math.Log(p[c] / Math.Max(LeastProbability, q[c]));
        }
    }

    /// <summary>The figures, rounded so that they do not depend on a machine's last bits.</summary>
    public OutputChange Result() => new(
        _noise == 0 ? OutputChange.MostDb : Math.Round(Math.Clamp(10 * Math.Log10(_signal / _noise), -OutputChange.MostDb, OutputChange.MostDb), 2),
        Math.Round(_cosine / _pictures, 5),
        areClasses ? Significant(Math.Max(0, _divergence / _pictures)) : null,
        areClasses ? Math.Round((double)_agreeing / _pictures, 4) : null);

    // Four digits: the smallest divergences tell layers apart too. Below 1e-9 they are rounding.
    private static double Significant(double value) =>
        value < 1e-9 ? 0 : Math.Round(value, Math.Clamp(3 - (int)Math.Floor(Math.Log10(value)), 0, 15));

    private double[] Probabilities(ReadOnlySpan<float> scores)
    {
        double[] result = new double[scores.Length];
        double largest = double.NegativeInfinity, sum = 0;
        foreach (float s in scores) largest = Math.Max(largest, s);
        for (int c = 0; c < result.Length; c++) sum += result[c] = areProbabilities ? Math.Max(0, scores[c]) : Math.Exp(scores[c] - largest);
        for (int c = 0; c < result.Length; c++) result[c] /= Math.Max(double.Epsilon, sum);
        return result;
    }
}
