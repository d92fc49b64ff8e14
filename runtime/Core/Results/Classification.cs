using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Results;

/// <summary>One class that a picture may belong to.</summary>
/// <param name="Index">Place in the model's output.</param>
/// <param name="Label">From the package, or null when it has no labels.</param>
/// <param name="Probability">0 to 1.</param>
internal readonly record struct Classification(int Index, string? Label, float Probability)
{
    /// <summary>The most probable classes, best first.</summary>
    /// <param name="output">[classes].</param>
    /// <param name="areProbabilities">False: <paramref name="output"/> holds logits; see <see cref="EndsInSoftmax"/>.</param>
    /// <param name="labels">One a class, or empty.</param>
    /// <param name="count">How many; the number of classes when fewer.</param>
    public static Classification[] Top(ReadOnlySpan<float> output, bool areProbabilities, IReadOnlyList<string> labels, int count)
    {
        float[] probabilities = output.ToArray();
        if (!areProbabilities) Softmax.Apply(output, probabilities);
        var indices = new int[Math.Min(count, output.Length)];
        TopK.Find(output, indices);
        var top = new Classification[indices.Length];
        for (int k = 0; k < top.Length; k++) top[k] = new(indices[k], indices[k] < labels.Count ? labels[indices[k]] : null, probabilities[indices[k]]);
        return top;
    }

    /// <summary>Whether a network gives probabilities itself: its first output is a Softmax's, maybe reshaped or quantised since.</summary>
    public static bool EndsInSoftmax(Graph graph)
    {
        if (graph.Outputs is not [{ Name: var value }, ..]) return false;
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            if (!node.Outputs.Contains(value)) continue;
            if (node.OpType == OpTypes.Softmax) return true;
            if (!(OperatorTable.TraitsOf(node) is { KeepsElements: true } or { IsQuantization: true })) return false;
            value = node.Input(0);
        }

        return false;
    }
}
