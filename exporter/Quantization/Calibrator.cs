using ResNetEdge.Engines;
using ResNetEdge.Exporter.Progress;
using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Runs the float network over pictures and lets an observer watch each value that is to become u8. Memory: the network's observed values for one
/// picture, and per observed value what its observer holds (at most 64 KiB); however many pictures there are.
/// </summary>
internal static class Calibrator
{
    /// <summary>
    /// Pictures from which each channel's range is taken; more of them change next to nothing, and each costs a run of the network.
    /// </summary>
    public const int EnoughForRanges = 32;

    // 800 of them lie above a 99.99 % quantile.
    private const long EnoughElements = 8_000_000;

    /// <summary>Observes and chooses scales.</summary>
    /// <param name="graph">Float graph, BatchNorms folded; not changed.</param>
    /// <param name="plan">Made from the same graph.</param>
    /// <param name="method">How a range is chosen from what was seen.</param>
    /// <param name="load">Makes an engine for the graph whose outputs are the observed values; disposed here.</param>
    /// <param name="count">Number of pictures; at least 1.</param>
    /// <param name="feed">Writes picture number i into the engine's inputs.</param>
    /// <param name="progress">Told of every picture; may be null.</param>
    /// <returns>Scale and zero point by root of group.</returns>
    /// <exception cref="EdgeException">Exit 3: a value is NaN, infinite or always the same number.</exception>
    public static Dictionary<string, QuantizationParameters> Calibrate(
        Graph graph, QuantizationPlan plan, ObserverEntry method, Func<Graph, IEngine> load, int count, Action<IEngine, int> feed,
        ProgressDisplay? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var observed = plan.Observed;
        var observers = observed.Select(plan.Root).Distinct().ToDictionary(root => root, _ => method.Create(), StringComparer.Ordinal);

        // So many elements of a value go into its histogram, spread over all pictures; the extremes are those of all elements.
        var infos = ShapeInference.Infer(graph);
        long[] every = [.. observed.Select(value => Math.Max(1, infos[value].Shape.ElementCount * (long)count / EnoughElements))];
        long[] runs = new long[observed.Count];
        using var job = progress?.Begin("calibrating", count, "pictures");
        Watch(graph, observed, load, count, feed, (k, elements, i) =>
        {
            if (!observers[plan.Root(observed[k])].Observe(elements, runs[k]++ % every[k] == 0)) throw NotFinite(graph, observed[k], i, count);
        }, () =>
        {
            foreach (var observer in observers.Values) observer.EndPicture();
            job?.Step();
        });

        var parameters = new Dictionary<string, QuantizationParameters>(StringComparer.Ordinal);
        foreach (var (root, observer) in observers)
        {
            string value = observed.First(v => plan.Root(v) == root);
            if (observer.IsConstant || observer.Maximum - observer.Minimum < QuantizationParameters.MinimumRange)
                throw Constant(graph, value, observer, count);
            var (low, high) = observer.Range();
            // The method cut everything off: rare spikes over zeros.
            parameters.Add(root, Math.Max(high, 0) - Math.Min(low, 0) < QuantizationParameters.MinimumRange
                ? QuantizationParameters.FromRange(observer.Minimum, observer.Maximum)
                : QuantizationParameters.FromRange(low, high));
        }

        return parameters;
    }

    /// <summary>
    /// The largest magnitude in each channel (axis 1) of each value, over <see cref="EnoughForRanges"/> pictures that are evenly spread.
    /// </summary>
    /// <exception cref="EdgeException">Exit 3: a value is NaN or infinite.</exception>
    public static Dictionary<string, float[]> ChannelRanges(
        Graph graph, IReadOnlyList<string> values, Func<Graph, IEngine> load, int count, Action<IEngine, int> feed)
    {
        var infos = ShapeInference.Infer(graph);
        float[][] ranges = [.. values.Select(value => new float[infos[value].Shape is { Rank: >= 2 } shape ? shape[1] : 1])];
        int few = Math.Min(count, EnoughForRanges);
        int Picture(int i) => (int)((long)i * count / few);
        Watch(graph, values, load, few, (engine, i) => feed(engine, Picture(i)), (k, elements, i) =>
        {
            if (!Extremes.Of(elements).IsFinite) throw NotFinite(graph, values[k], Picture(i), count);
            Extremes.RaiseMagnitudes(elements, ranges[k]);
        });
        return values.Zip(ranges).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
    }

    /// <summary>The largest magnitude of each value over all pictures.</summary>
    /// <exception cref="EdgeException">Exit 3: a value is NaN or infinite.</exception>
    public static Dictionary<string, float> Magnitudes(
        Graph graph, IReadOnlyList<string> values, Func<Graph, IEngine> load, int count, Action<IEngine, int> feed)
    {
        float[] largest = new float[values.Count];
        Watch(graph, values, load, count, feed, (k, elements, i) =>
        {
            var (low, high, isFinite) = Extremes.Of(elements);
            if (!isFinite) throw NotFinite(graph, values[k], i, count);
            largest[k] = Math.Max(largest[k], Math.Max(-low, high));
        });
        return values.Zip(largest).ToDictionary(static p => p.First, static p => p.Second, StringComparer.Ordinal);
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
            string name = isInput ? copy.Add(new Node(OpTypes.Identity, value + "_observed", [value], [value + "_observed"])) : value;
            copy.Outputs.Add(new(name, infos[value].Type, infos[value].Shape));
        }

        return copy;
    }

    // Elements of value number k that lie beside each other, channels innermost.
    private delegate void Watcher(int value, ReadOnlySpan<float> elements, int picture);

    private static void Watch(
        Graph graph, IReadOnlyList<string> values, Func<Graph, IEngine> load, int count, Action<IEngine, int> feed, Watcher watcher,
        Action? endPicture = null)
    {
        if (values.Count == 0) return;
        using var engine = load(WithOutputs(graph, values));
        float[] scratch = new float[2 * engine.Outputs.Max(o => o.Shape.ElementCount)];
        for (int i = 0; i < count; i++)
        {
            feed(engine, i);
            if (engine is FusedEngine fused) fused.RunAndView((k, elements) => watcher(k, elements, i));
            else engine.Run();
            for (int k = 0; k < values.Count; k++)
            {
                if (engine is not FusedEngine viewed || !viewed.IsViewed(k)) watcher(k, ChannelsInnermost(engine, k, scratch), i);
            }

            endPicture?.Invoke();
        }
    }

    private static ReadOnlySpan<float> ChannelsInnermost(IEngine engine, int output, float[] scratch)
    {
        var shape = engine.Outputs[output].Shape;
        int elements = shape.ElementCount, images = shape.Rank >= 2 ? shape[0] : 1,
            channels = shape.Rank >= 2 ? shape[1] : 1, places = elements / Math.Max(1, images * channels);
        Span<float> planar = scratch.AsSpan(0, elements), turned = scratch.AsSpan(elements, elements);
        engine.GetOutput(output, planar);
        if (places == 1 || channels == 1) return planar;
        for (int n = 0; n < images; n++)
        {
            for (int c = 0; c < channels; c++)
                for (int p = 0; p < places; p++) turned[(n * places + p) * channels + c] = planar[(n * channels + c) * places + p];
        }

        return turned;
    }

    private static EdgeException NotFinite(Graph graph, string value, int picture, int count) => EdgeException.BadInput(
        $"{Maker(graph, value)} produces NaN or infinity on calibration picture {picture + 1} of {count}; "
            + "the checkpoint's weights or the normalization are damaged");

    private static EdgeException Constant(Graph graph, string value, Observer observer, int count)
    {
        string readers = string.Join(" ", graph.Nodes.Where(n => n.Inputs.Contains(value)).Select(n => $"--keep-fp32 '{n.Name}'"));
        return EdgeException.BadInput(
            $"{Maker(graph, value)} is {observer.Minimum} everywhere on all {count} calibration pictures, so it has no int8 scale; "
                + $"calibrate with more varied pictures, or keep the layers that read it in fp32: {readers}");
    }

    private static string Maker(Graph graph, string value) =>
        graph.Nodes.Find(n => n.Outputs.Contains(value)) is { } node ? $"layer '{node.Name}' ({node.OpType})" : $"the input '{value}'";
}
