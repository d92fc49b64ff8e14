using System.Globalization;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Exporter.Sensitivity;

namespace ResNetEdge.Exporter.MixedPrecision;

/// <summary>
/// Gives layers back to fp32 where the answers of an int8 network are too far from the float ones, as they are for networks whose gates and functions
/// multiply errors: the costliest first, once, twice, four times as many, until the answers are near enough. It depends on pictures and weights
/// alone, not on the machine.
/// </summary>
internal static class AccuracyFallback
{
    private const int Pictures = 16;

    // Of the multiply-accumulates: beyond that a network is no longer int8.
    private const double MostMacs = 0.25;

    /// <summary>Chooses the layers that stay in fp32.</summary>
    /// <param name="network">Int8 and what it was made from.</param>
    /// <param name="leastDb">What the outputs must have; 0 or less is always reached.</param>
    /// <param name="analysis">Runs the networks that are compared.</param>
    /// <param name="calibration">What is fed.</param>
    /// <param name="log">Words for people, a line each.</param>
    /// <returns>Names of layers; none where the network is good enough.</returns>
    public static IReadOnlyList<string> Choose(
        QuantizedNetwork network, double leastDb, SensitivityAnalysis analysis, SensitivityPictures calibration, Action<string> log)
    {
        if (leastDb <= 0) return [];
        var pictures = calibration.Take(Pictures);
        double whole = analysis.Distance(network.Fp32, network.Int8, pictures).SqnrDb, best = whole;
        if (whole >= leastDb) return [];
        var costliest = Affordable(analysis.Measure(network.Fp32, network.Int8, SensitivityScope.Layers, calibration, null));
        IReadOnlyList<string> chosen = [];
        for (int count = 1; best < leastDb && chosen.Count < costliest.Count; count *= 2)
        {
            string[] floats = [.. costliest.Take(count)];
            var keep = network.Int8.Nodes.Select(static n => n.Name).Except(floats).ToHashSet(StringComparer.Ordinal);
            double reached = analysis.Distance(network.Fp32, PartialQuantization.Keep(network.Int8, network.Fp32, keep), pictures).SqnrDb;
            (chosen, best) = (floats, Math.Max(best, reached));
        }

        log(string.Create(CultureInfo.InvariantCulture,
            $"all in int8, the outputs have a signal-to-noise ratio of {whole:f1} dB; {best:f1} dB with {chosen.Count} layers in fp32, "
                + $"which lose most: {string.Join(", ", chosen)} ({leastDb:f0} dB wanted, --min-sqnr)"));
        return chosen;
    }

    /// <summary>The costliest layers, as long as their multiply-accumulates are a small part of all.</summary>
    public static IReadOnlyList<string> Affordable(SensitivityReport report)
    {
        var layers = new List<string>();
        double budget = MostMacs * report.Macs;
        foreach (var layer in report.Costliest())
        {
            if (layer.Macs > budget) continue;
            budget -= layer.Macs;
            layers.Add(layer.Layer);
        }

        return layers;
    }
}
