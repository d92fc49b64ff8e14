namespace ResNetEdge.Steps;

/// <summary>What each place along an axis of the output is made of.</summary>
/// <param name="Count">Elements of the input for each place.</param>
/// <param name="Indices">[place][Count]: their numbers.</param>
/// <param name="Weights">[place][Count]: their weights.</param>
internal sealed record ResizeTaps(int Count, int[] Indices, float[] Weights)
{
    /// <summary>Most elements for each place: those of a cubic.</summary>
    public const int MaxCount = 4;

    /// <summary>Whether each place is an element of the input.</summary>
    public bool IsNearest => Count == 1 && Array.TrueForAll(Weights, static w => w == 1);

    /// <summary>Throws unless every place of the output has its elements, all of them inside the input.</summary>
    public void Check(string what, int input, int output)
    {
        bool fits = Count is > 0 and <= MaxCount && Indices.Length == output * Count && Weights.Length == Indices.Length;
        if (!fits || Indices.Any(i => i < 0 || i >= input)) throw new ArgumentException($"{what}: the taps do not fit {output} places of {input}");
    }
}
