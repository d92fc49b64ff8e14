namespace ResNetEdge.Tasks.Classification;

/// <summary>Watches some classes; the most probable of them counts.</summary>
/// <param name="classes">Their places in the model's output.</param>
/// <param name="labels">Of the model, or empty.</param>
internal sealed class ClassPredicate(int[] classes, IReadOnlyList<string> labels) : TaskPredicate
{
    /// <inheritdoc/>
    public override float Score(TaskResult result, out int what)
    {
        // Comparisons with NaN are false: a NaN reaches nothing.
        float[] probabilities = ((ClassificationResult)result).Probabilities;
        float score = float.NegativeInfinity;
        what = -1;
        foreach (int index in classes)
        {
            if (probabilities[index] > score) (what, score) = (index, probabilities[index]);
        }

        return score;
    }

    /// <inheritdoc/>
    public override string NameOf(int what) => what < labels.Count ? labels[what] : what.ToString();
}
