using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Movement;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Import.Passes;

/// <summary>
/// Before: x [N][C][H][W] → Transpose to N H W C → Reshape to [N][H·W·C] → Gemm or MatMul with constant weights. After: x → Reshape → Gemm, the rows
/// of its weights in the order of x. Quantising nodes and activations may stand between; weights may be quantised, with one scale or one per output.
/// </summary>
internal sealed class FoldTransposeIntoGemm : ImportPass
{
    public override bool Run(Graph graph)
    {
        if (!graph.Nodes.Exists(static n => n.OpType == OpTypes.Transpose)) return false;
        var producers = Producers(graph);
        var consumers = graph.Consumers();
        var values = ShapeInference.Infer(graph);
        bool changed = false;
        foreach (var node in graph.Nodes.Where(static n => n.OpType is OpTypes.Gemm or OpTypes.MatMul).ToList())
        {
            if (Flattening(graph, node, producers, consumers) is not { } reshape
                || producers.GetValueOrDefault(reshape.Inputs[0]) is not { OpType: OpTypes.Transpose } transpose)
                continue;
            Shape from = values[transpose.Inputs[0]].Shape, to = values[reshape.Output].Shape;
            long[] perm = Transpose.Permutation(transpose, from.Rank);
            if (to.Rank != 2 || perm[0] != 0 || to[0] != from[0] || !Reorder(graph, node, producers, consumers, from, perm)) continue;
            reshape.Inputs[0] = transpose.Inputs[0];
            if (reshape.OpType == OpTypes.Reshape) reshape.Inputs[1] = graph.AddConstant($"{reshape.Name}.shape", Tensor.Vector<long>(to[0], to[1]));
            changed = true;
        }

        return changed;
    }

    // The Reshape or Flatten that a layer's input comes from, read by nobody else.
    private static Node? Flattening(Graph graph, Node layer, Dictionary<string, Node> producers, Dictionary<string, List<Node>> consumers)
    {
        if (layer.Attributes.Int("transA", 0) != 0) return null;
        string value = layer.Inputs[0];
        while (producers.GetValueOrDefault(value) is { } node && consumers[value].Count == 1 && !graph.IsOutput(value))
        {
            if (node.OpType is OpTypes.Reshape || (node.OpType == OpTypes.Flatten && node.Attributes.Int("axis", 1) == 1)) return node;
            if (!AxisRules.IsFree(graph, node)) return null;
            value = node.Inputs[0];
        }

        return null;
    }

    private static bool Reorder(
        Graph graph, Node layer, Dictionary<string, Node> producers, Dictionary<string, List<Node>> consumers, Shape from, long[] perm)
    {
        bool isTransposed = layer.OpType == OpTypes.Gemm && layer.Attributes.Int("transB", 0) != 0;
        string name = layer.Inputs[1];
        var holder = layer;
        int input = 1;
        if (producers.GetValueOrDefault(name) is { OpType: OpTypes.DequantizeLinear } dequantize)
        {
            bool alongOutputs = graph.Constant(dequantize.Input(1)) is { } scale
                && (scale.Shape.ElementCount == 1
                    || OperatorRules.Axis(dequantize, dequantize.Attributes.Int("axis", 1), 2) == (isTransposed ? 0 : 1));
            if (!alongOutputs || consumers[name].Count != 1) return false;
            (holder, input, name) = (dequantize, 0, dequantize.Inputs[0]);
        }

        if (graph.Constant(name) is not { Shape.Rank: 2 } weights || weights.Shape[isTransposed ? 1 : 0] != from.ElementCount / from[0]) return false;
        holder.Inputs[input] = graph.AddConstant($"{name}.reordered", Rows(weights, isTransposed, from, perm));
        return true;
    }

    private static Tensor Rows(Tensor weights, bool isTransposed, Shape from, long[] perm)
    {
        // Number every element in the transposed order, then put the numbers into the order of x.
        int[] dimensions = [.. perm.Skip(1).Select(axis => from[(int)axis])], back = new int[perm.Length - 1];
        for (int i = 1; i < perm.Length; i++) back[perm[i] - 1] = i - 1;
        var numbers = Tensor.From<int>(new Shape(dimensions), [.. Enumerable.Range(0, from.ElementCount / from[0])]);
        var order = TensorTranspose.Apply(numbers, back).As<int>();

        int size = weights.Type.Size(), rows = order.Length, columns = weights.Shape.ElementCount / rows;
        var source = weights.Bytes.Span;
        byte[] target = new byte[source.Length];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                int to = isTransposed ? column * rows + row : row * columns + column,
                    at = isTransposed ? column * rows + order[row] : order[row] * columns + column;
                source.Slice(at * size, size).CopyTo(target.AsSpan(to * size));
            }

        return new Tensor(weights.Type, weights.Shape, target);
    }
}
