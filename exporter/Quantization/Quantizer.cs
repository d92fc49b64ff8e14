using ResNetEdge.Engines;
using ResNetEdge.Exporter.Progress;
using ResNetEdge.Exporter.Quantization.Pixels;
using ResNetEdge.Exporter.Quantization.Rounding;
using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>Float graph → int8 graph as QDQ: plan, equalise channels, calibrate, align residual scales, round weights, place.</summary>
internal static class Quantizer
{
    /// <summary>Quantises a network.</summary>
    /// <param name="graph">Float graph, BatchNorms folded; not changed.</param>
    /// <param name="options">What the user chose.</param>
    /// <param name="load">Makes an engine for a float graph.</param>
    /// <param name="count">Number of calibration pictures.</param>
    /// <param name="feed">Writes picture number i into an engine's inputs.</param>
    /// <exception cref="EdgeException">Exit 2: a layer to keep that does not exist. Exit 3: weights
    /// or activations that have no int8 form.</exception>
    public static QuantizedNetwork Quantize(Graph graph, QuantizationOptions options, Func<Graph, IEngine> load, int count, Action<IEngine, int> feed)
    {
        options.KeepFp32.RequireAllUsed([.. graph.Nodes.Select(n => n.Name)]);
        graph = LinearLayers.AsGemms(graph);
        var plan = new QuantizationPlan(graph, options.KeepFp32, options.Qdq);
        if (plan.Observed.Count == 0 && !graph.Nodes.Exists(n => plan.StoresInt8Weights(n, graph)))
            throw EdgeException.BadInput("no layer of this network can compute in int8 (none is a convolution, Gemm or recurrent layer with "
                + "constant weights that is not kept in fp32); export it with --precision fp32");
        var equalized = options.Does(QuantizationSteps.Equalize) ? ChannelEqualization.Apply(graph, plan, load, count, feed) : graph;
        var parameters = Calibrator.Calibrate(equalized, plan, options.Method, load, count, feed, options.Progress);
        var grid = options.Does(QuantizationSteps.Pixels) ? options.Pixels : null;
        UsePixels(equalized, plan, grid, parameters);
        var scales = options.Does(QuantizationSteps.Align) && options.Qdq == QdqStyle.OnnxRuntime
            ? ResidualScales.Align(equalized, plan, parameters)
            : ResidualScales.Own(parameters);
        var pixels = PixelInput.Find(equalized, plan, grid);
        var patches = options.Does(QuantizationSteps.Round)
            ? PatchSurvey.Gather(equalized, plan, scales.Parameters, pixels, load, count, feed) : null;
        return new(QdqPlacement.Apply(
            equalized, plan, scales, LayerWeights.Quantize(equalized, plan, scales.Parameters, pixels, patches), pixels), equalized);
    }

    // A gray picture needs no scale per channel: the input's own can be that of its pixels.
    private static void UsePixels(Graph graph, QuantizationPlan plan, PixelGrid? grid, Dictionary<string, QuantizationParameters> parameters)
    {
        if (grid is { Scales: [var scale] } && graph.Inputs[0].Name is var input && plan.IsQuantized(input) && plan.Root(input) == input)
            parameters[input] = new(scale, grid.ZeroPoints[0]);
    }

    /// <summary>Whether a graph already carries quantised values.</summary>
    public static bool IsQuantized(Graph graph) => graph.Nodes.Exists(static n => OperatorTable.TraitsOf(n).IsQuantization);
}

/// <summary>A quantised network and what it was made from.</summary>
/// <param name="Int8">
/// The network of the package: in int8, as QuantizeLinear and DequantizeLinear pairs; or in fp16, or in fp32 the same as <paramref name="Fp32"/>.
/// </param>
/// <param name="Fp32">The float graph with equalised channels: gives the same outputs as the original, bit for bit, and its values can be compared
/// with those of <paramref name="Int8"/>.</param>
internal sealed record QuantizedNetwork(Graph Int8, Graph Fp32);

/// <summary>Choices of a quantisation.</summary>
internal sealed record QuantizationOptions
{
    /// <summary>How ranges are chosen.</summary>
    public ObserverEntry Method { get; init; } = ObserverTable.Entries[0];

    /// <summary>Told of every calibration picture.</summary>
    public ProgressDisplay Progress { get; init; } = ProgressDisplay.None;

    /// <summary>The values that the first input's pictures have; null when they are not known.</summary>
    public PixelGrid? Pixels { get; init; }

    /// <summary>What is done.</summary>
    public QuantizationSteps Steps { get; init; } = QuantizationSteps.All;

    /// <summary>For which engine the adds are written.</summary>
    public QdqStyle Qdq { get; init; } = QdqStyle.OnnxRuntime;

    /// <summary>Layers that stay float.</summary>
    public LayerNames KeepFp32 { get; init; } = LayerNames.None;

    /// <summary>Whether a step is done.</summary>
    public bool Does(QuantizationSteps step) => Steps.HasFlag(step);
}
