using ResNetEdge.Engines;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.HalfPrecision;

/// <summary>Float graph → float16 graph: see what its values hold, choose, round.</summary>
internal static class HalfExport
{
    private const int NamedNodes = 4;

    /// <summary>Makes the network of an fp16 package.</summary>
    /// <param name="graph">Float graph, the passes done; not changed.</param>
    /// <param name="keep">Layers that the user keeps in fp32.</param>
    /// <param name="samples">What its values are seen on; null takes seeded noise.</param>
    /// <param name="load">Makes an engine for a float graph.</param>
    /// <param name="log">Told of nodes that stay in fp32.</param>
    /// <returns>The network and the nodes that stay in fp32.</returns>
    /// <exception cref="EdgeException">
    /// Exit 2: a layer to keep that does not exist. Exit 3: no layer can compute in float16, or a value is NaN.
    /// </exception>
    public static (Graph Graph, IReadOnlyList<string> Kept) Make(
        Graph graph, LayerNames keep, Samples? samples, Func<Graph, IEngine> load, Action<string> log)
    {
        keep.RequireAllUsed([.. graph.Nodes.Select(static n => n.Name)]);
        var magnitudes = Calibrator.Magnitudes(
            graph, HalfChoice.Observed(graph), load, samples?.Count ?? GoldenVectors.Count, samples is null ? Noise : samples.Feed);
        var choice = HalfChoice.Of(graph, keep, magnitudes);
        string reasons = string.Join("; ", choice.Kept.Take(NamedNodes).Select(static k => $"'{k.Node}', {k.Reason}"))
            + (choice.Kept.Count > NamedNodes ? $"; and {choice.Kept.Count - NamedNodes} more" : "");
        if (choice.Nodes.Count == 0)
            throw EdgeException.BadInput(
                $"no layer of this network can compute in float16{(reasons.Length == 0 ? "" : $" ({reasons})")}; export it with --precision fp32");
        if (reasons.Length > 0) log($"{choice.Kept.Count} nodes stay in fp32: {reasons}");
        return (HalfNetwork.Of(graph, choice.Nodes), [.. choice.Kept.Select(static k => k.Node)]);
    }

    private static void Noise(IEngine engine, int index)
    {
        for (int k = 0; k < engine.Inputs.Count; k++)
            engine.SetInput<float>(k, GoldenVectors.Noise(engine.Inputs[k], index * engine.Inputs.Count + k).As<float>());
    }
}
