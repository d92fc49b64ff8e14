using ResNetEdge.Operators;
using ResNetEdge.Operators.Reductions;

namespace ResNetEdge.Tasks.Classification;

/// <summary>Logits to probabilities.</summary>
internal static class ClassProbabilities
{
    /// <summary>The Softmax of the logits. Unlike the operator it also has an answer for infinite ones: the largest share all of it.</summary>
    /// <param name="logits">[classes]; a NaN makes every probability NaN.</param>
    /// <param name="probabilities">[classes]; may be the same memory.</param>
    public static void Of(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        if (logits.Length != probabilities.Length) throw new ArgumentException($"{logits.Length} logits for {probabilities.Length} probabilities");
        float max = float.NegativeInfinity;
        foreach (float x in logits) max = MathF.Max(max, x);
        if (float.IsInfinity(max)) Share(logits, probabilities, max);
        else Softmax.Line(logits, probabilities, 0, 1, logits.Length);
    }

    private static void Share(ReadOnlySpan<float> logits, Span<float> probabilities, float max)
    {
        float share = (float)(1.0 / logits.Count(max));
        for (int i = 0; i < logits.Length; i++) probabilities[i] = logits[i] == max ? share : 0;
    }
}
