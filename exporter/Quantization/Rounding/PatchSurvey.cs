using ResNetEdge.Engines;
using ResNetEdge.Exporter.Quantization.Pixels;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Steps;

namespace ResNetEdge.Exporter.Quantization.Rounding;

/// <summary>Runs the float network over pictures and gathers, for every int8 layer, what its weights will be multiplied with.</summary>
/// <remarks>
/// Windows are taken evenly from all pictures until a layer has <see cref="WindowsPerWeight"/> for each weight of a channel: more change little.
/// Memory: the observed values of one picture, and the layers' matrices (<see cref="GramMatrix"/>; 300 MiB for ResNet-50).
/// </remarks>
internal static class PatchSurvey
{
    /// <summary>Pictures used at most; evenly spread.</summary>
    public const int MaxPictures = 64;

    private const int WindowsPerWeight = 2, MinWindows = 4096;

    /// <summary>Gathers the input patches of the layers to round.</summary>
    /// <param name="graph">Float graph, channels equalised.</param>
    /// <param name="plan">Made from the same graph.</param>
    /// <param name="parameters">Scale and zero point by root of group.</param>
    /// <param name="pixels">How the input is quantised when it is by channel; else null.</param>
    /// <param name="load">Makes an engine for a graph; disposed here.</param>
    /// <param name="count">Number of pictures.</param>
    /// <param name="feed">Writes picture number i into an engine's inputs.</param>
    /// <returns>By name of layer.</returns>
    public static Dictionary<string, LayerPatches> Gather(
        Graph graph, QuantizationPlan plan, IReadOnlyDictionary<string, QuantizationParameters> parameters, PixelInput? pixels,
        Func<Graph, IEngine> load, int count, Action<IEngine, int> feed)
    {
        var shapes = ShapeInference.Infer(graph);
        var layers = graph.Nodes.Where(
            n => plan.Int8Nodes.Contains(n.Name) && QuantizationPlan.WeightAxis(n, graph) is not null && plan.IsQuantized(n.Input(0)))
            .Select(n => new LayerPatches(n, shapes[n.Input(0)].Shape, graph.Initializers[n.Input(1)].Shape, Padding(n, pixels))).ToList();
        if (layers.Count == 0) return [];
        string[] values = [.. layers.Select(l => l.Layer.Input(0)).Distinct()];
        int pictures = Math.Min(count, MaxPictures);
        using var engine = load(Calibrator.WithOutputs(graph, values));
        float[] elements = new float[engine.Outputs.Max(o => o.Shape.ElementCount)];
        short[] steps = new short[elements.Length];
        for (int i = 0; i < pictures; i++)
        {
            feed(engine, (int)((long)i * count / pictures));
            engine.Run();
            for (int k = 0; k < values.Length; k++)
            {
                var shape = engine.Outputs[k].Shape;
                engine.GetOutput(k, elements.AsSpan(0, shape.ElementCount));
                bool isPixels = pixels is not null && values[k] == pixels.Input;
                Quantize(elements.AsSpan(0, shape.ElementCount), shape, isPixels ? pixels! : null,
                    isPixels ? default : parameters[plan.Root(values[k])], steps);
                foreach (var layer in layers.Where(l => l.Layer.Input(0) == values[k])) Take(layer, steps, i, pictures);
            }
        }

        return layers.ToDictionary(l => l.Layer.Name, StringComparer.Ordinal);
    }

    private static short[]? Padding(Node layer, PixelInput? pixels) =>
        pixels is null || !pixels.IsReadBy(layer) ? null : [.. pixels.ZeroPoints.Select(z => (short)(z - pixels.Parameters.ZeroPoint))];

    private static void Quantize(ReadOnlySpan<float> values, Shape shape, PixelInput? pixels, QuantizationParameters parameters, Span<short> steps)
    {
        int plane = shape.Rank == 4 ? shape[2] * shape[3] : 1;
        for (int e = 0; e < values.Length; e++)
        {
            steps[e] = (short)(pixels is null
                ? parameters.Quantize(values[e]) - parameters.ZeroPoint
                : Requantize.Quantize(values[e], pixels.Scales[e / plane % pixels.Scales.Length], pixels.ZeroPoints[e / plane % pixels.Scales.Length])
                    - pixels.Parameters.ZeroPoint);
        }
    }

    // Another offset in each picture, so that no place of it is preferred.
    private static void Take(LayerPatches layer, ReadOnlySpan<short> steps, int picture, int pictures)
    {
        int wanted = Math.Max(MinWindows, WindowsPerWeight * layer.Grams[0].Length),
            each = Math.Clamp((wanted + pictures - 1) / pictures, 1, layer.Positions);
        long offset = picture * 7919L % layer.Positions;
        for (int i = 0; i < each; i++) layer.Add(steps, (int)((offset + (long)i * layer.Positions / each) % layer.Positions));
    }
}
