using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Movement;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Import.Passes;

/// <summary>
/// Before: Transpose → Relu, Add, QuantizeLinear ... → Transpose back, around every convolution, as exporters from frameworks that keep channels last
/// write it. After: each Transpose moved behind operators that do not mind the order of axes, until it meets its inverse and both are gone.
/// </summary>
/// <remarks>One walk: nodes are sorted, so a Transpose that was moved is met again at its new place.</remarks>
internal sealed class SinkTransposes : ImportPass
{
    public override bool Run(Graph graph)
    {
        if (!graph.Nodes.Exists(static n => n.OpType == OpTypes.Transpose)) return false;
        var values = ShapeInference.Infer(graph);
        var producers = Producers(graph);
        var taken = Names(graph);
        bool changed = false;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (node.OpType == OpTypes.Transpose)
            {
                changed |= Compose(graph, node, producers, values);
                continue;
            }

            if (Permutation(node, producers, graph, values) is not { } perm || AxisRules.Sink(graph, node, perm, values) is not { } behind) continue;
            for (int k = 0; k < node.Inputs.Count; k++)
                if (producers.GetValueOrDefault(node.Inputs[k]) is { OpType: OpTypes.Transpose } transpose) node.Inputs[k] = transpose.Inputs[0];
            changed = true;
            if (IsIdentity(behind)) continue;
            string output = node.Output, before = Fresh(taken, $"{output}_before_transpose");
            node.Outputs[0] = before;
            var moved = new Node(OpTypes.Transpose, Fresh(taken, $"{output}_transpose"), [before], [output]).With("perm", behind);
            graph.Nodes.Insert(i + 1, moved);
            (producers[before], producers[output]) = (node, moved);
            values[before] = new(before, values[output].Type, Unpermuted(values[output].Shape, behind));
        }

        return changed | Bypass(graph, values);
    }

    // Transpose(Transpose(x)) is one Transpose of x.
    private static bool Compose(Graph graph, Node node, Dictionary<string, Node> producers, Dictionary<string, TensorInfo> values)
    {
        if (producers.GetValueOrDefault(node.Inputs[0]) is not { OpType: OpTypes.Transpose } first) return false;
        int rank = values[node.Output].Shape.Rank;
        long[] inner = Transpose.Permutation(first, rank), outer = Transpose.Permutation(node, rank);
        node.Attributes["perm"] = outer.Select(axis => inner[axis]).ToArray();
        node.Inputs[0] = first.Inputs[0];
        return true;
    }

    // The one permutation of all inputs that are transposed; null when there is none or several. Other inputs must be constants.
    private static long[]? Permutation(Node node, Dictionary<string, Node> producers, Graph graph, Dictionary<string, TensorInfo> values)
    {
        long[]? perm = null;
        foreach (string input in node.Inputs)
        {
            if (input.Length == 0 || graph.Initializers.ContainsKey(input)) continue;
            if (producers.GetValueOrDefault(input) is not { OpType: OpTypes.Transpose } transpose) return null;
            long[] found = Transpose.Permutation(transpose, values[input].Shape.Rank);
            if (perm is not null && !perm.SequenceEqual(found)) return null;
            perm = found;
        }

        return perm;
    }

    private static bool Bypass(Graph graph, Dictionary<string, TensorInfo> values) => Bypasses.Run(
        graph, node => node.OpType == OpTypes.Transpose && IsIdentity(Transpose.Permutation(node, values[node.Output].Shape.Rank)));

    private static bool IsIdentity(long[] perm) => perm.Select(static (axis, i) => axis == i).All(static same => same);

    private static Shape Unpermuted(Shape shape, long[] perm)
    {
        int[] result = new int[shape.Rank];
        for (int i = 0; i < shape.Rank; i++) result[perm[i]] = shape[i];
        return new Shape(result);
    }
}
