using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: (x - mean) / sqrt(mean of (x - mean)² + epsilon) [· scale [+ bias]] as ReduceMean, Sub, Pow or Mul, ReduceMean, Add, Sqrt, Div, Mul and
/// Add, which exporters write before operator set 17. After: LayerNormalization(x, scale[, bias]).
/// Condition: both means are over the same last axes; epsilon, scale and bias are constants; what lies between Div and the last Add goes nowhere
/// else.
/// </summary>
internal sealed class RecognizeLayerNormalization : Pass
{
    public override double Bound => 1e-5;

    public override bool Run(Graph graph)
    {
        if (!graph.Nodes.Exists(static n => n.OpType == OpTypes.Sqrt)) return false;
        var chains = new NormalizationChains(graph);
        var names = graph.FreshNames();
        var gone = new HashSet<Node>();
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            if (chains.StandardizedBy(graph.Nodes[i]) is not var (x, axis, epsilon)) continue;
            var last = graph.Nodes[i];
            var shape = new Shape(chains.ShapeOf(x).Dimensions[axis..]);
            string? scale = Next(OpTypes.Mul), bias = scale is null ? null : Next(OpTypes.Add);
            float[] ones = new float[scale is null ? shape.ElementCount : 0];
            Array.Fill(ones, 1);
            scale ??= graph.AddConstant(names, $"{last.Name}.ones", Tensor.From<float>(shape, ones));
            graph.Nodes[graph.Nodes.IndexOf(last)] =
                new Node(OpTypes.LayerNormalization, last.Name, bias is null ? [x, scale] : [x, scale, bias], last.Outputs)
                    .With("axis", (long)axis).With("epsilon", epsilon);

            // The constant that the only reader multiplies by or adds, if there is one that fits; the reader is then the last.
            string? Next(string opType)
            {
                if (chains.Constant(last, opType, shape) is not var (reader, constant)) return null;
                gone.Add(last);
                last = reader;
                return constant;
            }
        }

        graph.Nodes.RemoveAll(gone.Contains);
        return chains.HasFound;
    }
}
