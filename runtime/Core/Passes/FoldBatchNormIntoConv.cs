using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Normalization;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: Conv(x, W[, b]) → BatchNormalization, or ConvTranspose instead of Conv. After: Conv(x, W', b').
/// Condition: the convolution's output goes nowhere else; all parameters are constants.
/// Formula, per output channel: k = scale / sqrt(variance + epsilon), W' = k·W, b' = k·(b - mean) + shift. In double, rounded once.
/// Ioffe and Szegedy, arXiv:1502.03167; Jacob et al., arXiv:1712.05877 §3.2.
/// </summary>
internal sealed class FoldBatchNormIntoConv : Pass
{
    public override double Bound => 1e-5;

    public override bool Run(Graph graph)
    {
        var consumers = graph.Consumers();
        var convs = graph.Nodes.Where(n => n.OpType is OpTypes.Conv or OpTypes.ConvTranspose).ToDictionary(n => n.Output, StringComparer.Ordinal);
        var folded = new HashSet<Node>();
        var outputs = graph.OutputNames();
        var names = graph.FreshNames();
        foreach (var norm in graph.Nodes)
        {
            if (norm.OpType != OpTypes.BatchNormalization || !convs.TryGetValue(norm.Inputs[0], out var conv)) continue;
            if (consumers[conv.Output].Count != 1 || outputs.Contains(conv.Output)) continue;
            var constants = new[] { conv.Inputs[1], norm.Inputs[1], norm.Inputs[2], norm.Inputs[3], norm.Inputs[4] }.Select(graph.Constant).ToArray();
            var bias = conv.Input(2).Length > 0 ? graph.Constant(conv.Inputs[2]) : null;
            if (Array.Exists(constants, c => c is not { Type: ElementType.Float32 }) || (conv.Input(2).Length > 0 && bias is null)) continue;
            Fold(graph, names, conv, norm, constants!, bias);
            convs.Remove(norm.Inputs[0]);
            conv.Outputs[0] = norm.Output;
            convs[norm.Output] = conv;
            folded.Add(norm);
        }

        graph.Nodes.RemoveAll(folded.Contains);
        return folded.Count > 0;
    }

    private static void Fold(Graph graph, FreshNames names, Node conv, Node norm, Tensor[] constants, Tensor? bias)
    {
        double epsilon = norm.Attributes.Float("epsilon", BatchNormalization.DefaultEpsilon);
        var weights = constants[0].As<float>();
        ReadOnlySpan<float> scale = constants[1].As<float>(), shift = constants[2].As<float>(),
            mean = constants[3].As<float>(), variance = constants[4].As<float>();
        var layout = new OutputChannels(conv, constants[0].Shape);
        int channels = scale.Length;
        if (layout.Count != channels) throw OperatorRules.Bad(norm, $"{channels} channels after a convolution with {layout.Count}");
        var newWeights = new float[weights.Length];
        double[] factors = new double[channels];
        var newBias = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double k = scale[c] / Math.Sqrt(variance[c] + epsilon);
            if (!double.IsFinite(k))
                throw OperatorRules.Bad(norm, $"channel {c}: scale {scale[c]} with variance {variance[c]} gives no finite factor");
            factors[c] = k;
            newBias[c] = (float)((bias is null ? 0.0 : bias.As<float>()[c]) * k - mean[c] * k + shift[c]);
        }

        for (int i = 0, filter = 0; i < newWeights.Length; filter++)
        {
            double k = factors[layout.OfFilter(filter)];
            for (int end = i + layout.FilterLength; i < end; i++) newWeights[i] = (float)(weights[i] * k);
        }

        // New names: other nodes may share the old constants.
        conv.Inputs[1] = graph.AddConstant(names, $"{conv.Name}.weight.folded", Tensor.From<float>(constants[0].Shape, newWeights));
        string name = graph.AddConstant(names, $"{conv.Name}.bias.folded", Tensor.Vector<float>(newBias));
        if (conv.Inputs.Count > 2) conv.Inputs[2] = name;
        else conv.Inputs.Add(name);
    }

    /// <summary>
    /// Which output channel weights belong to: [output][input of the group][kernel], of a ConvTranspose [input][output of the group][kernel].
    /// </summary>
    private readonly struct OutputChannels
    {
        private readonly bool _isTransposed;
        private readonly int _ofGroup, _inputsOfGroup;

        public OutputChannels(Node conv, Shape weights)
        {
            int groups = (int)conv.Attributes.Int("group", 1);
            _isTransposed = conv.OpType == OpTypes.ConvTranspose;
            (_ofGroup, _inputsOfGroup) = (weights[1], Math.Max(1, weights[0] / groups));
            Count = _isTransposed ? weights[1] * groups : weights[0];
            FilterLength = weights.ElementCount / Math.Max(1, _isTransposed ? weights[0] * weights[1] : weights[0]);
        }

        public int Count { get; }

        /// <summary>Weights that follow each other and belong to one channel.</summary>
        public int FilterLength { get; }

        public int OfFilter(int filter) => _isTransposed ? filter / _ofGroup / _inputsOfGroup * _ofGroup + filter % _ofGroup : filter;
    }
}
