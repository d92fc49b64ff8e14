using System.Globalization;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Exporter.Sensitivity;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.MixedPrecision;

/// <summary>
/// Chooses layers of an int8 network that stay fp32: those that cost its answers most for the time that
/// they take, as long as the whole network is at most so much slower than all in int8. Both are measured:
/// the cost as a sensitivity report has it, the time on this machine, in turns with the int8 network.
/// </summary>
internal static class FloatLayers
{
    // The costliest by the sensitivity report; timing more of them would take longer than it could bring.
    private const int Candidates = 12;

    /// <summary>Chooses the layers that stay in fp32 within the allowed slowdown.</summary>
    /// <param name="network">Int8 and what it was made from.</param>
    /// <param name="sensitivity">Of that network.</param>
    /// <param name="feed">Writes what the timed networks see into an engine's inputs.</param>
    /// <param name="maxSlowdownPercent">Of the int8 network's median latency.</param>
    /// <param name="log">Words for people, a line each.</param>
    /// <returns>Names of layers; may be none.</returns>
    public static IReadOnlyList<string> Choose(
        QuantizedNetwork network, SensitivityReport sensitivity, Action<IEngine> feed, double maxSlowdownPercent, Action<string> log)
    {
        string[] costliest = [.. sensitivity.Costliest().Take(Candidates).Select(l => l.Layer)];
        double[] slowdowns = Slowdowns(network, [.. costliest.Select(layer => new[] { layer })], feed);
        var order = costliest.Zip(slowdowns, (layer, slowdown) => (Layer: layer, Slowdown: Math.Max(0, slowdown)))
            .OrderByDescending(c => Cost(sensitivity, c.Layer) / (c.Slowdown + 0.1)).ToList(); // 0.1 %: shorter times cannot be told from none
        var chosen = new List<string>();
        double expected = 0;
        foreach (var (layer, slowdown) in order.Where(c => Cost(sensitivity, c.Layer) > 0))
        {
            if (expected + slowdown > maxSlowdownPercent) continue;
            expected += slowdown;
            chosen.Add(layer);
        }

        // Neighbours in fp32 save a conversion between them, others share nothing: the sum is only an estimate.
        double measured = 0;
        while (chosen.Count > 0 && (measured = Slowdowns(network, [[.. chosen]], feed)[0]) > maxSlowdownPercent)
            chosen.RemoveAt(chosen.Count - 1);
        log(chosen.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"no layer can stay in fp32 within {maxSlowdownPercent:f1} % of the int8 network's latency")
            : string.Create(CultureInfo.InvariantCulture, $"in fp32: {string.Join(", ", chosen)}; "
                + $"{measured:f1} % slower than all in int8 on this machine, {maxSlowdownPercent:f1} % allowed (--max-slowdown)"));
        return chosen;
    }

    // Divergence of the answers where there are classes, else relative noise of the output; when that layer alone is quantised.
    private static double Cost(SensitivityReport sensitivity, string layer)
    {
        var change = sensitivity.Layers.First(l => l.Layer == layer).Quantized;
        return change.KlNats ?? Math.Pow(10, -change.SqnrDb / 10);
    }

    // Percent by which the network is slower with each set of layers in fp32.
    private static double[] Slowdowns(QuantizedNetwork network, string[][] sets, Action<IEngine> feed)
    {
        var nodes = network.Int8.Nodes.Select(n => n.Name).ToList();
        Graph Keeping(string[] floats) =>
            PartialQuantization.Keep(network.Int8, network.Fp32, nodes.Except(floats).ToHashSet(StringComparer.Ordinal));
        var medians = InterleavedLatency.Medians([network.Int8, .. sets.Select(Keeping)], feed);
        return [.. medians.Skip(1).Select(m => 100 * (m / medians[0] - 1))];
    }
}
