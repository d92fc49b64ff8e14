using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Import.Passes;

/// <summary>
/// Before: MatMul(x [N][K], constant W [K][M]), and an Add of a constant [M] behind it where there is one. After: Gemm(x, W, b). Engines and the
/// quantiser know a fully connected layer by that form; W may be a DequantizeLinear of a constant.
/// </summary>
internal sealed class ConvertMatMulToGemm : ImportPass
{
    public override bool Run(Graph graph)
    {
        if (!graph.Nodes.Exists(static n => n.OpType == OpTypes.MatMul)) return false;
        var values = ShapeInference.Infer(graph);
        var producers = Producers(graph);
        var consumers = graph.Consumers();
        bool changed = false;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (node.OpType != OpTypes.MatMul || values[node.Inputs[0]].Shape.Rank != 2 || values[node.Inputs[1]].Shape.Rank != 2) continue;
            if (graph.Constant(node.Inputs[1]) is null && producers.GetValueOrDefault(node.Inputs[1]) is not { OpType: OpTypes.DequantizeLinear })
                continue;
            var gemm = new Node(OpTypes.Gemm, node.Name, node.Inputs, node.Outputs);
            if (!graph.IsOutput(node.Output) && consumers.GetValueOrDefault(node.Output) is [{ OpType: OpTypes.Add } add]
                && Bias(graph, add, node.Output, values[node.Output].Shape[1]) is { } bias)
            {
                gemm.Inputs.Add(bias);
                gemm.Outputs[0] = add.Output;
                graph.Nodes.Remove(add);
            }

            graph.Nodes[i] = gemm;
            changed = true;
        }

        return changed;
    }

    private static string? Bias(Graph graph, Node add, string product, int outputs)
    {
        string name = add.Inputs[add.Inputs[0] == product ? 1 : 0];
        if (graph.Constant(name) is not { Type: ElementType.Float32 } bias || bias.Shape.ElementCount != outputs || bias.Shape.Rank is 0 or > 2
            || bias.Shape[^1] != outputs)
            return null;
        return bias.Shape.Rank == 1 ? name : graph.AddConstant($"{add.Name}.bias", bias.Reshape(new Shape(outputs)));
    }
}
