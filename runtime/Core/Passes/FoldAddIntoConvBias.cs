using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: Conv(x, W[, b]) → Add(constant with one value per channel, or one for all). After: Conv(x, W, b + constant).
/// Condition: the convolution's output goes nowhere else; its bias, if any, is a float constant.
/// </summary>
internal sealed class FoldAddIntoConvBias : Pass
{
    public override double Bound => 1e-6;

    public override bool Run(Graph graph)
    {
        var consumers = graph.Consumers();
        var convs = graph.Nodes.Where(n => n.OpType == OpTypes.Conv).ToDictionary(n => n.Output, StringComparer.Ordinal);
        var folded = new HashSet<Node>();
        var outputs = graph.OutputNames();
        var names = graph.FreshNames();
        foreach (var add in graph.Nodes.Where(n => n.OpType == OpTypes.Add))
        {
            int side = convs.ContainsKey(add.Inputs[0]) ? 0 : 1;
            if (!convs.TryGetValue(add.Inputs[side], out var conv)
                || graph.Constant(add.Inputs[1 - side]) is not { Type: ElementType.Float32 } constant)
                continue;
            if (consumers[conv.Output].Count != 1 || outputs.Contains(conv.Output) || graph.Constant(conv.Inputs[1]) is not { } weights) continue;
            int channels = weights.Shape[0];
            if (PerChannel(constant, channels, weights.Shape.Rank) is not { } values) continue;
            if (conv.Input(2).Length > 0)
            {
                if (graph.Constant(conv.Inputs[2]) is not { Type: ElementType.Float32 } bias) continue;
                for (int c = 0; c < channels; c++) values[c] += bias.As<float>()[c];
            }

            string name = graph.AddConstant(names, $"{conv.Name}.bias.folded", Tensor.Vector<float>(values));
            if (conv.Inputs.Count > 2) conv.Inputs[2] = name;
            else conv.Inputs.Add(name);
            convs.Remove(conv.Output);
            conv.Outputs[0] = add.Output;
            convs[add.Output] = conv;
            folded.Add(add);
        }

        graph.Nodes.RemoveAll(folded.Contains);
        return folded.Count > 0;
    }

    /// <summary>[C][1 for each spatial axis], maybe behind a batch of 1, or one element, as C values.</summary>
    private static float[]? PerChannel(Tensor constant, int channels, int rank)
    {
        var shape = constant.Shape;
        if (shape.ElementCount == 1 && shape.Rank <= rank) return [.. Enumerable.Repeat(constant.As<float>()[0], channels)];
        bool perChannel = (shape.Rank == rank || shape.Rank == rank - 1) && shape[^(rank - 1)] == channels && shape.ElementCount == channels;
        return perChannel ? constant.As<float>().ToArray() : null;
    }
}
