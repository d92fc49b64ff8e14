using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Before: MatMul(x [..][K], W [K][N]) → Add(b [N]), a transformer's projections. After: Reshape to rows → Gemm(W, b) → Reshape, so that weights and
/// bias are quantised together and the bias is summed in int32. A Reshape costs nothing. Condition: W is a constant; the Add may be missing.
/// </summary>
internal static class LinearLayers
{
    /// <summary>Rewrites a copy of a float graph. The Gemm keeps the MatMul's name.</summary>
    public static Graph AsGemms(Graph graph)
    {
        if (!graph.Nodes.Exists(static n => n.OpType == OpTypes.MatMul)) return graph;
        var result = graph.Clone();
        var values = ShapeInference.Infer(result);
        var names = result.FreshNames();
        for (int i = 0; i < result.Nodes.Count; i++)
        {
            var product = result.Nodes[i];
            if (product.OpType != OpTypes.MatMul) continue;
            if (result.Constant(product.Inputs[1]) is not { Type: ElementType.Float32, Shape: { Rank: 2 } w }) continue;
            var (x, made) = (values[product.Inputs[0]], values[product.Output]);
            if (x.Shape.Rank < 2 || x.Shape.ElementCount == 0) continue;
            var (bias, end) = Bias(result, product, w[1]);
            var gemm = new Node(OpTypes.Gemm, product.Name, bias is null ? product.Inputs : [.. product.Inputs, bias], [end]);
            result.Nodes[i] = gemm;
            if (x.Shape.Rank == 2 && values[end].Shape.Rank == 2) continue;
            gemm.Inputs[0] = names.Of($"{product.Name}.rows");
            gemm.Outputs[0] = names.Of($"{product.Name}.product");
            result.Nodes.Insert(i, Reshape(result, names, x.Name, gemm.Inputs[0], [x.Shape.ElementCount / w[0], w[0]]));
            result.Nodes.Insert(i + 2, Reshape(result, names, gemm.Output, end, values[end].Shape.Dimensions));
            i += 2;
        }

        return result;
    }

    // The constant that is added to every row of a product, and the value that is left; both nodes between are taken out.
    private static (string? Bias, string End) Bias(Graph graph, Node product, int outputs)
    {
        string value = product.Output;
        var reshape = OnlyReader(graph, value, OpTypes.Reshape);
        if (reshape is not null) value = reshape.Output;
        if (OnlyReader(graph, value, OpTypes.Add) is not { } add) return (null, product.Output);
        string name = add.Inputs[add.Inputs[0] == value ? 1 : 0];
        if (graph.Constant(name) is not { Type: ElementType.Float32 } bias || bias.Shape.ElementCount != outputs || bias.Shape.Rank == 0
            || bias.Shape[^1] != outputs)
            return (null, product.Output);
        if (reshape is not null) graph.Nodes.Remove(reshape);
        graph.Nodes.Remove(add);
        return (bias.Shape.Rank == 1 ? name : graph.AddConstant($"{add.Name}.bias", bias.Reshape(new Shape(outputs))), add.Output);
    }

    private static Node? OnlyReader(Graph graph, string value, string opType) =>
        !graph.IsOutput(value) && graph.Nodes.FindAll(n => n.Inputs.Contains(value)) is [var reader] && reader.OpType == opType ? reader : null;

    private static Node Reshape(Graph graph, FreshNames names, string input, string output, ReadOnlySpan<int> shape)
    {
        long[] sizes = new long[shape.Length];
        for (int d = 0; d < sizes.Length; d++) sizes[d] = shape[d];
        string constant = graph.AddConstant(names, $"{output}.shape", Tensor.Vector<long>(sizes));
        return new Node(OpTypes.Reshape, names.Of($"{output}.reshape"), [input, constant], [output]);
    }
}
