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

        using var engine = load(WithOutputs(graph, observed));
        float[] scratch = new float[observed.Count == 0 ? 0 : engine.Outputs.Max(o => o.Shape.ElementCount)];
        for (int i = 0; i < count; i++)
        {
            feed(engine, i);
            engine.Run();
            for (int k = 0; k < observed.Count; k++)
            {
                var values = scratch.AsSpan(0, engine.Outputs[k].Shape.ElementCount);
                engine.GetOutput(k, values);
                if (!observers[plan.Root(observed[k])].Observe(values))
                    throw EdgeException.BadInput($"{Maker(graph, observed[k])} gives NaN or infinity on calibration picture {i + 1} of {count}; the checkpoint's weights or the normalization are damaged");
            }
        }

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

    private static EdgeException Constant(Graph graph, string value, Observer observer, int count)
    {
        string readers = string.Join(" ", graph.Nodes.Where(n => n.Inputs.Contains(value)).Select(n => $"--keep-fp32 '{n.Name}'"));
        return EdgeException.BadInput(
            $"{Maker(graph, value)} gives {observer.Minimum} everywhere on all {count} calibration pictures, so it has no int8 scale; calibrate with more varied pictures, or keep what reads it in fp32: {readers}");
    }

    private static string Maker(Graph graph, string value) =>
        graph.Nodes.Find(n => n.Outputs.Contains(value)) is { } node ? $"layer '{node.Name}' ({node.OpType})" : $"the input '{value}'";
}
