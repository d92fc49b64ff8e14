namespace ResNetEdge.Tasks.Classification;

/// <summary>The largest values of a list, in falling order; among equal values the lower index comes first. NaN ranks below everything.</summary>
internal static class TopK
{
    /// <summary>Index of the largest value; 0 when all are NaN.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public static int Largest(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty) throw new ArgumentException("the largest of no values");
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (IsBetter(values[i], values[best])) best = i;
        }

        return best;
    }

    /// <summary>Writes the indices of the <c>indices.Length</c> largest values, largest first. No allocation; cost classes × k.</summary>
    /// <param name="values">[classes].</param>
    /// <param name="indices">[k]; k at most the number of values.</param>
    public static void Find(ReadOnlySpan<float> values, Span<int> indices)
    {
        if (indices.Length > values.Length) throw new ArgumentException($"the {indices.Length} largest of {values.Length} values");
        int kept = 0;
        for (int i = 0; i < values.Length; i++)
        {
            int place = kept;
            while (place > 0 && IsBetter(values[i], values[indices[place - 1]])) place--;
            if (place == indices.Length) continue;
            int last = Math.Min(kept, indices.Length - 1);
            indices[place..last].CopyTo(indices[(place + 1)..]);
            indices[place] = i;
            kept = last + 1;
        }
    }

    private static bool IsBetter(float candidate, float than) => candidate > than || (float.IsNaN(than) && !float.IsNaN(candidate));
}
