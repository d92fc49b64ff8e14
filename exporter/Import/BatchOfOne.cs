using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Import;

/// <summary>A network that was exported for several pictures at a time, as one for a single picture, which is what a package takes.</summary>
internal static class BatchOfOne
{
    /// <summary>The graph with a batch of 1, or the same graph where it has that already.</summary>
    /// <param name="graph">In the project's form: one opset, constants known. Not changed.</param>
    /// <param name="note">Told what was done.</param>
    /// <exception cref="EdgeException">Exit 3: the network mixes the pictures of a batch, or does so as far as can be told.</exception>
    public static Graph Of(Graph graph, Action<string> note)
    {
        if (graph.Inputs is not [{ Shape: { Rank: 4 } shape } first, ..] || shape[0] == 1) return graph;
        int batch = shape[0];
        string wish = $"input '{first.Name}' takes {batch} pictures at a time, but a package takes one";
        var single = graph.Clone();
        for (int i = 0; i < single.Inputs.Count; i++)
            if (single.Inputs[i].Shape is { Rank: > 0 } s && s[0] == batch) single.Inputs[i] = single.Inputs[i] with { Shape = One(s) };
        for (int i = 0; i < single.Outputs.Count; i++) single.Outputs[i] = single.Outputs[i] with { Type = ElementType.Undefined };
        var before = ShapeInference.Infer(graph);
        foreach (var node in single.Nodes.Where(n => n.OpType == OpTypes.Reshape)) Reshape(single, node, batch);
        Require(before, Infer(single, wish), batch, wish);
        note($"{wish}: the network was converted to take a single picture");
        return single;
    }

    // Exporters write the batch that they saw into the shape.
    private static void Reshape(Graph graph, Node node, int batch)
    {
        if (graph.Constant(node.Inputs[1]) is { Shape.Rank: 1 } shape && shape.ToInt64s() is [var first, ..] sizes && first == batch)
            node.Inputs[1] = graph.AddConstant($"{node.Name}.shape", Tensor.Vector<long>([1, .. sizes[1..]]));
    }

    private static Dictionary<string, TensorInfo> Infer(Graph graph, string wish)
    {
        try
        {
            return ShapeInference.Infer(graph);
        }
        catch (EdgeException e)
        {
            throw EdgeException.BadInput($"{wish}, but with one picture {e.Message}; export the model again with a batch of 1", e);
        }
    }

    // Every value is what it was, with one picture where there were several; the -1 of a Reshape must not have made something else of it.
    private static void Require(Dictionary<string, TensorInfo> before, Dictionary<string, TensorInfo> after, int batch, string wish)
    {
        foreach (var (name, info) in after)
        {
            if (!before.TryGetValue(name, out var old) || info == old
                || (old.Shape.Rank > 0 && old.Shape[0] == batch && info.Shape == One(old.Shape)))
                continue;
            throw EdgeException.BadInput(
                $"{wish}, but the value '{name}' would become {info.Shape} where it was {old.Shape}; export the model again with a batch of 1");
        }
    }

    private static Shape One(Shape shape) => new([1, .. shape.Dimensions[1..]]);
}
