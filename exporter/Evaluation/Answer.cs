using ResNetEdge.Tasks.Classification;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>What a network said about one labelled picture.</summary>
/// <param name="Class">The class it holds most probable.</param>
/// <param name="Place">How many classes it holds more probable than the right one; 0 when it is right.</param>
internal readonly record struct Answer(int Class, int Place)
{
    /// <summary>Reads the logits; of equal ones the lower class counts as more probable, as <see cref="TopK"/> has it.</summary>
    /// <param name="logits">[classes].</param>
    /// <param name="label">The right class.</param>
    public static Answer Of(ReadOnlySpan<float> logits, int label)
    {
        int place = 0;
        float right = logits[label];
        for (int c = 0; c < logits.Length; c++)
        {
            bool isBetter = c < label ? logits[c] >= right : logits[c] > right;
            if (c != label && (isBetter || (float.IsNaN(right) && (c < label || !float.IsNaN(logits[c]))))) place++;
        }

        return new(TopK.Largest(logits), place);
    }
}
