using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Normalization;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: BatchNormalization of a picture that no convolution could take (pre-activation networks: after a residual add).
/// After: a depthwise 1×1 Conv with k = scale / sqrt(variance + epsilon) and bias shift - k·mean, so that the activation after it
/// fuses and the quantiser sees one kind of linear layer. In double, rounded once.
/// </summary>
internal sealed class ConvertBatchNormToConv : Pass
{
    public override double Bound => 1e-5;

    public override bool Run(Graph graph)
    {
        bool changed = false;
        var values = ShapeInference.Infer(graph);
        var names = graph.FreshNames();
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            var norm = graph.Nodes[i];
            if (norm.OpType != OpTypes.BatchNormalization || values[norm.Inputs[0]].Shape.Rank != 4) continue;
            var constants = norm.Inputs.Skip(1).Select(graph.Constant).ToArray();
            if (Array.Exists(constants, c => c is not { Type: ElementType.Float32 })) continue;
            graph.Nodes[i] = AsConv(graph, names, norm, constants!);
            changed = true;
        }

        return changed;
    }

    private static Node AsConv(Graph graph, FreshNames names, Node norm, Tensor[] constants)
    {
        double epsilon = norm.Attributes.Float("epsilon", BatchNormalization.DefaultEpsilon);
        ReadOnlySpan<float> scale = constants[0].As<float>(), shift = constants[1].As<float>(),
            mean = constants[2].As<float>(), variance = constants[3].As<float>();
        int channels = scale.Length;
        float[] weights = new float[channels], bias = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double k = scale[c] / Math.Sqrt(variance[c] + epsilon);
            if (!double.IsFinite(k))
                throw OperatorRules.Bad(norm, $"channel {c}: scale {scale[c]} with variance {variance[c]} gives no finite factor");
            (weights[c], bias[c]) = ((float)k, (float)(shift[c] - k * mean[c]));
        }

        string w = graph.AddConstant(names, $"{norm.Name}.weight", Tensor.From<float>(new Shape(channels, 1, 1, 1), weights));
        string b = graph.AddConstant(names, $"{norm.Name}.bias", Tensor.Vector<float>(bias));
        return new Node(OpTypes.Conv, norm.Name, [norm.Inputs[0], w, b], norm.Outputs.Take(1)).With("group", (long)channels)
            .With("kernel_shape", new long[] { 1, 1 });
    }
}
