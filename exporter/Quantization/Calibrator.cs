using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Runs the float network over pictures and lets an observer watch each value that is to become u8.
/// Memory: the network's observed values for one picture, and per observed value what its observer holds (at most 64 KiB); however many pictures there are.
/// </summary>
internal static class Calibrator
{
    /// <summary>Observes and chooses scales.</summary>
    /// <param name="graph">Float graph, BatchNorms folded; not changed.</param>
    /// <param name="plan">Made from the same graph.</param>
    /// <param name="method">How a range is chosen from what was seen.</param>
    /// <param name="load">Makes an engine for the graph whose outputs are the observed values; disposed here.</param>
    /// <param name="count">Number of pictures; at least 1.</param>
    /// <param name="feed">Writes picture number i into the engine's inputs.</param>
    /// <returns>Scale and zero point by root of group.</returns>
    /// <exception cref="EdgeException">Exit 3: a value is NaN, infinite or always the same number.</exception>
    public static Dictionary<string, QuantizationParameters> Calibrate(
        Graph graph, QuantizationPlan plan, ObserverEntry method, Func<Graph, IEngine> load, int count, Action<IEngine, int> feed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var observed = plan.Observed;
        var observers = observed.Select(plan.Root).Distinct().ToDictionary(root => root, _ => method.Create(), StringComparer.Ordinal);

        Watch(graph, observed, load, count, feed, (value, _, elements, i) =>
        {
            if (!observers[plan.Root(value)].Observe(elements)) throw NotFinite(graph, value, i, count);
        });

        var parameters = new Dictionary<string, QuantizationParameters>(StringComparer.Ordinal);
        foreach (var (root, observer) in observers)
        {
            string value = observed.First(v => plan.Root(v) == root);
            if (observer.IsConstant || observer.Maximum - observer.Minimum < QuantizationParameters.MinimumRange) throw Constant(graph, value, observer, count);
            var (low, high) = observer.Range();
            parameters.Add(root, Math.Max(high, 0) - Math.Min(low, 0) < QuantizationParameters.MinimumRange // the method cut everything off: rare spikes over zeros
                ? QuantizationParameters.FromRange(observer.Minimum, observer.Maximum)
                : QuantizationParameters.FromRange(low, high));
        }

        return parameters;
    }

    /// <summary>The largest magnitude in each channel (axis 1) of each value, over all pictures.</summary>
    /// <exception cref="EdgeException">Exit 3: a value is NaN or infinite.</exception>
    public static Dictionary<string, float[]> ChannelRanges(Graph graph, IReadOnlyList<string> values, Func<Graph, IEngine> load, int count, Action<IEngine, int> feed)
    {
        var ranges = new Dictionary<string, float[]>(StringComparer.Ordinal);
        Watch(graph, values, load, count, feed, (value, shape, elements, i) =>
        {
            int channels = shape.Rank >= 2 ? shape[1] : 1, inner = elements.Length / channels / (shape.Rank >= 2 ? shape[0] : 1);
            if (!ranges.TryGetValue(value, out float[]? range)) ranges.Add(value, range = new float[channels]);
            for (int e = 0; e < elements.Length; e++)
            {
                if (!float.IsFinite(elements[e])) throw NotFinite(graph, value, i, count);
                range[e / inner % channels] = Math.Max(range[e / inner % channels], Math.Abs(elements[e]));
            }
        });
        return ranges;
    }

    /// <summary>A copy of a graph whose outputs are the given values, in that order, and nothing else.</summary>
    /// <remarks>A graph input is given out through an Identity, for engines whose outputs must be made by a node.</remarks>
    public static Graph WithOutputs(Graph graph, IReadOnlyList<string> values)
    {
        var copy = graph.Clone();
        var infos = ShapeInference.Infer(copy);
        copy.Outputs.Clear();
        foreach (string value in values)
        {
            bool isInput = copy.Inputs.Exists(i => i.Name == value);
            string name = isInput ? copy.Add(new Node("Identity", value + "_observed", [value], [value + "_observed"])) : value;
            copy.Outputs.Add(new(name, infos[value].Type, infos[value].Shape));
        }

        return copy;
    }

    private delegate void Watcher(string value, Shape shape, ReadOnlySpan<float> elements, int picture);

    private static void Watch(Graph graph, IReadOnlyList<string> values, Func<Graph, IEngine> load, int count, Action<IEngine, int> feed, Watcher watcher)
    {
        if (values.Count == 0) return;
        using var engine = load(WithOutputs(graph, values));
        float[] scratch = new float[engine.Outputs.Max(o => o.Shape.ElementCount)];
        for (int i = 0; i < count; i++)
        {
            feed(engine, i);
            engine.Run();
            for (int k = 0; k < values.Count; k++)
            {
                var elements = scratch.AsSpan(0, engine.Outputs[k].Shape.ElementCount);
                engine.GetOutput(k, elements);
                watcher(values[k], engine.Outputs[k].Shape, elements, i);
            }
        }
    }

    private static EdgeException NotFinite(Graph graph, string value, int picture, int count) => EdgeException.BadInput(
        $"{Maker(graph, value)} gives NaN or infinity on calibration picture {picture + 1} of {count}; the checkpoint's weights or the normalization are damaged");

    private static EdgeException Constant(Graph graph, string value, Observer observer, int count)
    {
        string readers = string.Join(" ", graph.Nodes.Where(n => n.Inputs.Contains(value)).Select(n => $"--keep-fp32 '{n.Name}'"));
        return EdgeException.BadInput(
            $"{Maker(graph, value)} gives {observer.Minimum} everywhere on all {count} calibration pictures, so it has no int8 scale; calibrate with more varied pictures, or keep what reads it in fp32: {readers}");
    }

    private static string Maker(Graph graph, string value) =>
        graph.Nodes.Find(n => n.Outputs.Contains(value)) is { } node ? $"layer '{node.Name}' ({node.OpType})" : $"the input '{value}'";
}
