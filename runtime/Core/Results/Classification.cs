namespace ResNetEdge.Results;

/// <summary>One class that a picture may belong to.</summary>
/// <param name="Index">Place in the model's output.</param>
/// <param name="Label">From the package, or null when it has no labels.</param>
/// <param name="Probability">0 to 1.</param>
internal readonly record struct Classification(int Index, string? Label, float Probability)
{
    /// <summary>The most probable classes, best first.</summary>
    /// <param name="logits">[classes], as the network gives them.</param>
    /// <param name="labels">One a class, or empty.</param>
    /// <param name="count">How many; the number of classes when fewer.</param>
    public static Classification[] Top(ReadOnlySpan<float> logits, IReadOnlyList<string> labels, int count)
    {
        var probabilities = new float[logits.Length];
        Softmax.Apply(logits, probabilities);
        var indices = new int[Math.Min(count, logits.Length)];
        TopK.Find(logits, indices);
        return [.. indices.Select(i => new Classification(i, i < labels.Count ? labels[i] : null, probabilities[i]))];
    }
}
