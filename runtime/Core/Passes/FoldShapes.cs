using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: Shape → Gather → Concat → Reshape and the like, by which exporters flatten a batch whose size they do not know. After: Reshape to a constant shape,
/// since here every shape is known. One walk infers, and folds what the next inference needs.
/// </summary>
internal sealed class FoldShapes : Pass
{
    public override bool Run(Graph graph)
    {
        if (!graph.Nodes.Exists(IsShape)) return false;
        bool changed = false;
        var types = graph.Inputs.ToDictionary(i => i.Name, i => new InputType(i.Type, i.Shape, null), StringComparer.Ordinal);
        foreach (var (name, value) in graph.Initializers) types[name] = new(value.Type, value.Shape, value);
        var kept = new List<Node>();
        foreach (var node in graph.Nodes)
        {
            InputType?[] inputs = [.. node.Inputs.Select(name => name.Length == 0 ? null
                : types.GetValueOrDefault(name) ?? throw OperatorRules.Bad(node, $"its input '{name}' is produced by no earlier node"))];
            if (Value(graph, node, inputs) is { } constants)
            {
                changed = true;
                foreach (var (name, value) in constants)
                {
                    graph.Initializers[name] = value;
                    types[name] = new(value.Type, value.Shape, value);
                }

                continue;
            }

            kept.Add(node);
            var outputs = OperatorTable.Of(node).Infer(node, inputs);
            for (int i = 0; i < outputs.Length && i < node.Outputs.Count; i++) types[node.Outputs[i]] = new(outputs[i].Type, outputs[i].Shape, null);
        }

        graph.Nodes.Clear();
        graph.Nodes.AddRange(kept);
        return changed;
    }

    private static bool IsShape(Node node) => node.OpType == "Shape" && node.Domain.Length == 0;

    // The outputs, when they can be known now.
    private static List<(string Name, Tensor Value)>? Value(Graph graph, Node node, InputType?[] inputs)
    {
        if (node.Outputs.Exists(graph.IsOutput)) return null;
        if (IsShape(node) && inputs is [{ } x]) return [(node.Output, ShapeOf(node, x.Shape))];
        bool isConstant = node.OpType is not ("DequantizeLinear" or "QuantizeLinear") && Array.TrueForAll(inputs, i => i is null or { Constant: not null });
        return isConstant ? FoldConstants.Evaluate(graph, node) : null;
    }

    // Since opset 15 a part of the shape may be asked for.
    private static Tensor ShapeOf(Node node, Shape shape)
    {
        long start = node.Attributes.Int("start", 0), end = node.Attributes.Int("end", shape.Rank);
        int from = (int)Math.Clamp(start < 0 ? start + shape.Rank : start, 0, shape.Rank), to = (int)Math.Clamp(end < 0 ? end + shape.Rank : end, 0, shape.Rank);
        return Tensor.Vector<long>([.. shape.Dimensions[from..Math.Max(from, to)].ToArray().Select(static d => (long)d)]);
    }
}
