using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Makes the channels of each value use the u8 range alike. One scale serves all channels of a value, so a channel that stays small is left with few
/// steps. Multiplying it by a factor a, and dividing the weights that read it by a, changes nothing of what the network computes but gives it a times
/// the steps. Before: y = W x + b. After: y' = (a W) x + a b, and the next layer reads y' with weights W' / a.
/// </summary>
/// <remarks>
/// Cross-layer equalisation after Nagel et al., arXiv:1906.04721, with two differences: factors are powers of two, so that the float network is the
/// same bit for bit, and they follow the measured activations, because weights have a scale per output channel already. Conditions:
/// <see cref="ChannelClasses"/>. No value's range grows: a factor is at most what the class's channel allows in every value that it runs through, on
/// the pictures that <see cref="Calibrator.ChannelRanges"/> looks at; ranges are taken afterwards, from all pictures.
/// </remarks>
internal static class ChannelEqualization
{
    // 2^6: beyond that a channel is as good as dead, and the weights that read it would vanish beside the others.
    private const int MaxExponent = 6;

    // What was seen of a channel is less than what it can be; a channel that grew to the full range would saturate then.
    private const double Headroom = 1.5;

    /// <summary>Equalises a copy of the graph.</summary>
    /// <param name="graph">Float graph, BatchNorms folded; not changed.</param>
    /// <param name="plan">Made from the same graph.</param>
    /// <param name="load">Makes an engine for a graph.</param>
    /// <param name="count">Number of pictures.</param>
    /// <param name="feed">Writes picture number i into an engine's inputs.</param>
    public static Graph Apply(Graph graph, QuantizationPlan plan, Func<Graph, IEngine> load, int count, Action<IEngine, int> feed)
    {
        var classes = new ChannelClasses(graph);
        var ranges = Calibrator.ChannelRanges(graph, plan.Observed, load, count, feed);
        var exponents = new Dictionary<int, int>();
        foreach (var (value, range) in ranges)
        {
            float largest = range.Max();
            for (int c = 0; c < range.Length; c++)
            {
                if (range[c] == 0) continue; // nothing was seen of it, so nothing is known
                int room = Math.Clamp((int)Math.Floor(Math.Log2(largest / (Headroom * range[c]))), 0, MaxExponent);
                int key = classes.Of(value, c);
                exponents[key] = Math.Min(room, exponents.GetValueOrDefault(key, MaxExponent));
            }
        }

        exponents[0] = 0;
        var result = graph.Clone();
        foreach (var node in result.Nodes)
        {
            if (QuantizationPlan.WeightAxis(node, graph) is not { } axis) continue;
            int[] to = Exponents(classes, exponents, node.Output), from = Exponents(classes, exponents, node.Input(0));
            node.Inputs[1] = Replace(result, node, 1, Scale(graph.Initializers[node.Input(1)], axis, to, from));
            if (node.Input(2).Length > 0) node.Inputs[2] = Replace(result, node, 2, Scale(graph.Initializers[node.Input(2)], 0, to, null));
        }

        return result;
    }

    private static int[] Exponents(ChannelClasses classes, Dictionary<int, int> exponents, string value) =>
        [.. Enumerable.Range(0, classes.Channels(value)).Select(c => exponents.GetValueOrDefault(classes.Of(value, c), 0))];

    // weights[o][i] · 2^(to[o] − from[i]); with groups, i counts within the group of o. For a bias there is no i.
    private static Tensor Scale(Tensor weights, int axis, int[] to, int[]? from)
    {
        float[] values = weights.ToFloats();
        var shape = weights.Shape;
        int taps = 1;
        for (int d = 2; d < shape.Rank; d++) taps *= shape[d];
        int outputs = shape[axis], inputs = from is null ? 1 : shape[1 - axis], groups = from is null ? 1 : from.Length / inputs;
        for (int e = 0; e < values.Length; e++)
        {
            int first = e / taps / (axis == 0 ? inputs : outputs), second = e / taps % (axis == 0 ? inputs : outputs);
            int o = axis == 0 ? first : second, i = axis == 0 ? second : first;
            int exponent = to[o] - (from is null ? 0 : from[o / (outputs / groups) * inputs + i]);
            values[e] = MathF.ScaleB(values[e], exponent);
        }

        return Tensor.From<float>(shape, values);
    }

    // A constant that another node shares stays as it is for that one.
    private static string Replace(Graph graph, Node node, int input, Tensor value)
    {
        string name = node.Inputs[input];
        if (graph.Nodes.Sum(n => n.Inputs.Count(i => i == name)) > 1)
        {
            string stem = $"{name}_of_{node.Name}";
            name = stem;
            for (int k = 2; graph.Initializers.ContainsKey(name); k++) name = $"{stem}_{k}";
        }

        graph.Initializers[name] = value;
        return name;
    }
}
