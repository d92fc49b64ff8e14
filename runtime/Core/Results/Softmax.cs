namespace ResNetEdge.Results;

/// <summary>Logits to probabilities.</summary>
internal static class Softmax
{
    /// <summary>p[i] = exp(x[i] - max x) / sum of the same; in double, so that a thousand classes lose nothing.</summary>
    /// <param name="logits">[classes]; a NaN makes every probability NaN.</param>
    /// <param name="probabilities">[classes]; may be the same memory.</param>
    public static void Apply(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        if (logits.Length != probabilities.Length) throw new ArgumentException($"{logits.Length} logits for {probabilities.Length} probabilities");
        float max = float.NegativeInfinity;
        foreach (float x in logits) max = MathF.Max(max, x);
        double sum = 0;
        foreach (float x in logits) sum += Exp(x, max);
        for (int i = 0; i < logits.Length; i++) probabilities[i] = (float)(Exp(logits[i], max) / sum);
    }

    // Equal values, infinite ones too, are at distance 0; inf - inf would be NaN.
    private static double Exp(float x, float max) => x == max ? 1 : Math.Exp((double)x - max);
}
