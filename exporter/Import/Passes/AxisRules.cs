using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Import.Passes;

/// <summary>How an operator behind a Transpose is written in front of it: op(transpose(x)) = transpose'(op'(x)).</summary>
internal static class AxisRules
{
    /// <summary>Rewrites the node's attributes and constants for inputs that are not transposed; its inputs are replaced by the caller.</summary>
    /// <param name="graph">Its graph; gets new constants.</param>
    /// <param name="node">The node.</param>
    /// <param name="perm">Axis i of the transposed value is axis perm[i] of the value before.</param>
    /// <param name="values">Types and shapes by name.</param>
    /// <returns>The permutation that remains behind it, or null when the node must stay behind the Transpose; then nothing was changed.</returns>
    public static long[]? Sink(Graph graph, Node node, long[] perm, Dictionary<string, TensorInfo> values)
    {
        var traits = OperatorTable.TraitsOf(node);
        if (IsFree(graph, node)) return perm;
        if (traits.Axes == AxisUse.Aligned) return Binary(graph, node, perm) ? perm : null;
        if (traits.Axes == AxisUse.Attribute && node.Inputs.TrueForAll(input => !graph.Initializers.ContainsKey(input)))
        {
            node.Attributes["axis"] = perm[OperatorRules.Axis(node, node.Attributes.Int("axis", traits.DefaultAxis), perm.Length)];
            return perm;
        }

        return SinkByOwnRule(graph, node, perm, values);
    }

    /// <summary>
    /// Whether an operator does not mind the order of axes: it has one output, and one number of each of its settings holds for all elements.
    /// </summary>
    public static bool IsFree(Graph graph, Node node)
    {
        var traits = OperatorTable.TraitsOf(node);
        return traits.Axes == AxisUse.None && node.Outputs.Skip(1).All(static output => output.Length == 0)
            && node.Inputs.Where((input, i) => traits.RoleOf(i) == InputRole.Setting && input.Length > 0)
                .All(input => graph.Constant(input) is { Shape.ElementCount: 1 });
    }

    // Operators that name axes in inputs and attributes of their own.
    private static long[]? SinkByOwnRule(Graph graph, Node node, long[] perm, Dictionary<string, TensorInfo> values)
    {
        switch (node.OpType)
        {
            case OpTypes.Pad when node.Input(3).Length == 0
                && graph.Constant(node.Input(1))?.ToInt64s() is { } pads && pads.Length == 2 * perm.Length:
                long[] moved = new long[pads.Length];
                for (int i = 0; i < perm.Length; i++) (moved[perm[i]], moved[perm.Length + perm[i]]) = (pads[i], pads[perm.Length + i]);
                node.Inputs[1] = graph.AddConstant($"{node.Name}.pads", Tensor.Vector<long>(moved));
                return perm;
            case OpTypes.Slice when graph.Constant(node.Input(1)) is { } starts
                && (node.Input(3).Length == 0 || graph.Constant(node.Input(3)) is not null):
                return Slice(graph, node, perm, starts.Shape.ElementCount);
            case OpTypes.ReduceMean when node.Attributes.Ints("axes") is { } axes:
                node.Attributes["axes"] = Axes(node, axes, perm);
                return node.Attributes.Int("keepdims", 1) != 0 ? perm : Without(perm, Axes(node, axes, Identity(perm.Length)));
            case OpTypes.Squeeze when graph.Constant(node.Input(1))?.ToInt64s() is { } axes:
                node.Inputs[1] = graph.AddConstant($"{node.Name}.axes", Tensor.Vector<long>(Axes(node, axes, perm)));
                return Without(perm, Axes(node, axes, Identity(perm.Length)));
            case OpTypes.Reshape when KeepsBytes(values[node.Inputs[0]].Shape, perm): return SayShape(graph, node, values[node.Output].Shape);
            case OpTypes.Flatten when KeepsBytes(values[node.Inputs[0]].Shape, perm) && node.Attributes.Int("axis", 1) == 1 && perm[0] == 0:
                return [0, 1];
            default: return null;
        }
    }

    // A constant of the other side is transposed back, so that it fits in front.
    private static bool Binary(Graph graph, Node node, long[] perm)
    {
        var constants = node.Inputs.Select((name, i) => (Value: graph.Constant(name), Index: i))
            .Where(static c => c.Value is { Shape.ElementCount: not 1 }).ToList();
        if (constants.Exists(c => c.Value!.Shape.Rank > perm.Length) || node.Inputs.TrueForAll(graph.Initializers.ContainsKey)) return false;
        foreach (var (value, index) in constants)
        {
            var widened = value!.Reshape(new Shape([.. Enumerable.Repeat(1, perm.Length - value.Shape.Rank), .. value.Shape.Dimensions]));
            int[] back = new int[perm.Length];
            for (int i = 0; i < perm.Length; i++) back[perm[i]] = i;
            node.Inputs[index] = graph.AddConstant($"{node.Inputs[index]}.transposed", TensorTranspose.Apply(widened, back));
        }

        return true;
    }

    private static long[] Slice(Graph graph, Node node, long[] perm, int count)
    {
        long[] axes = node.Input(3).Length == 0 ? Identity(count) : graph.Constant(node.Input(3))!.ToInt64s();
        while (node.Inputs.Count < 4) node.Inputs.Add("");
        node.Inputs[3] = graph.AddConstant($"{node.Name}.axes", Tensor.Vector<long>(Axes(node, axes, perm)));
        return perm;
    }

    // The elements lie in the same order with and without the Transpose; only the shape must be said in full.
    private static long[] SayShape(Graph graph, Node node, Shape shape)
    {
        node.Inputs[1] = graph.AddConstant($"{node.Name}.shape", Tensor.Vector<long>([.. shape.Dimensions.ToArray().Select(static d => (long)d)]));
        return Identity(shape.Rank);
    }

    private static long[] Axes(Node node, long[] axes, long[] perm) => [.. axes.Select(axis => perm[OperatorRules.Axis(node, axis, perm.Length)])];

    private static long[] Identity(int rank) => [.. Enumerable.Range(0, rank).Select(static i => (long)i)];

    // The permutation of the axes that stay when those of the transposed value go, renumbered.
    private static long[] Without(long[] perm, long[] gone)
    {
        long[] kept = [.. perm.Where((_, i) => !gone.Contains(i))];
        return [.. kept.Select(axis => (long)kept.Count(other => other < axis))];
    }

    // Axes longer than 1 keep their order.
    private static bool KeepsBytes(Shape transposed, long[] perm)
    {
        long[] moved = [.. perm.Where((_, i) => transposed[i] != 1)];
        return moved.SequenceEqual(moved.Order());
    }
}
