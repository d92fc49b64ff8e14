using System.Globalization;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Exporter.Sensitivity;

namespace ResNetEdge.Exporter.MixedPrecision;

/// <summary>
/// Gives layers back to fp32 where labelled pictures show that int8 loses too much top-1, in the order of <see cref="AccuracyFallback"/>. Calibration
/// pictures have no labels, and where classes are close together even a high signal-to-noise ratio changes answers.
/// </summary>
internal static class MeasuredFallback
{
    /// <summary>Chooses the layers that stay in fp32.</summary>
    /// <param name="network">Int8, and what it was made from.</param>
    /// <param name="result">Its evaluation beside fp32.</param>
    /// <param name="mostPoints">Percentage points of top-1 that it may lose.</param>
    /// <param name="measure">The sensitivity of its layers; called only where they are needed.</param>
    /// <param name="keep">Makes the network with some layers in fp32.</param>
    /// <param name="evaluate">Evaluates a network beside fp32.</param>
    /// <param name="log">Words for people, a line each.</param>
    /// <returns>The network that loses least of those that were tried, and its evaluation.</returns>
    public static (QuantizedNetwork Network, EvaluationResult Result) Choose(
        QuantizedNetwork network, EvaluationResult result, double mostPoints, Func<SensitivityReport> measure,
        Func<IReadOnlyList<string>, QuantizedNetwork> keep, Func<QuantizedNetwork, EvaluationResult> evaluate, Action<string> log)
    {
        double whole = Drop(result);
        if (whole <= mostPoints) return (network, result);
        var costliest = AccuracyFallback.Affordable(measure());
        string[] chosen = [];
        var best = (Network: network, Result: result, Floats: chosen);
        for (int count = 1; Drop(best.Result) > mostPoints && chosen.Length < costliest.Count; count *= 2)
        {
            chosen = [.. costliest.Take(count)];
            var tried = keep(chosen);
            var found = evaluate(tried);
            if (Drop(found) < Drop(best.Result)) best = (tried, found, chosen);
        }

        log(string.Create(CultureInfo.InvariantCulture, $"all in int8, the network loses {whole:f2} points of top-1; "
            + $"{Drop(best.Result):f2} with {best.Floats.Length} more layers in fp32{(best.Floats.Length == 0 ? "" : ", those that lose most: ")}"
            + $"{string.Join(", ", best.Floats)} ({mostPoints:f1} may be lost, {ExportOptions.AimDrop})"));
        return (best.Network, best.Result);
    }

    private static double Drop(EvaluationResult result) => AccuracyGate.DropPoints(result.Accuracy);
}
