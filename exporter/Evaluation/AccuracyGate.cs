using System.Globalization;
using ResNetEdge.Exporter.Sensitivity;
using ResNetEdge.Metrics;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>Whether a network may be shipped: how many percentage points of top-1 it loses against the float network on the same pictures.</summary>
internal static class AccuracyGate
{
    private const int NamedLayers = 5, LayersToTry = 2;

    /// <summary>Points lost; negative when the int8 network is right more often.</summary>
    public static double DropPoints(Accuracy accuracy) => 100.0 * (accuracy.ReferenceRight - accuracy.Right) / accuracy.Images;

    /// <summary>Refuses a network that loses more than allowed.</summary>
    /// <param name="accuracy">Of the network beside the float network.</param>
    /// <param name="maxDropPoints">Percentage points that may be lost.</param>
    /// <param name="measure">Measures the layers; called only for a refusal.</param>
    /// <exception cref="EdgeException">Exit 4; the message names the figures, what costs most and what to try.</exception>
    public static void Check(Accuracy accuracy, double maxDropPoints, Func<SensitivityReport?> measure)
    {
        double drop = DropPoints(accuracy);
        if (drop <= maxDropPoints) return;
        var paired = new PairedTest(0, Math.Max(0, accuracy.ReferenceRight - accuracy.Right)); // as if the int8 network had gained nowhere
        string chance = paired is { Lost: > 0, PValue: > 0.05 } ? $" ({accuracy.Images} pictures are few: a difference this small may be chance)" : "";
        throw EdgeException.Refused(string.Create(CultureInfo.InvariantCulture,
            $"int8 is right on {accuracy.Right} of {accuracy.Images} pictures and fp32 on {accuracy.ReferenceRight}: {drop:f2} points of top-1 lost, {maxDropPoints:f2} allowed (--max-drop){chance}; nothing was written. {Advice(measure())}"));
    }

    private static string Advice(SensitivityReport? sensitivity)
    {
        const string calibration = "calibrate with more pictures that resemble those evaluated (--calibration, --calibration-images), or with another method (--calibrate-by)";
        if (sensitivity is null || sensitivity.Layers.Count == 0) return $"Try to {calibration}";
        var worst = sensitivity.Costliest().Take(NamedLayers).ToList();
        string layers = string.Join(", ", worst.Select(Words));
        string keep = string.Join(" ", worst.Take(LayersToTry).Select(l => $"--keep-fp32 '{l.Layer}'"));
        double share = 100.0 * worst.Take(LayersToTry).Sum(l => l.Macs) / Math.Max(1, sensitivity.Macs);
        return string.Create(CultureInfo.InvariantCulture,
            $"The layers that cost most, each quantised alone: {layers}. Try {keep} ({share:f1} % of the multiply-accumulates), or {calibration}");
    }

    private static string Words(LayerEntry layer) => string.Create(CultureInfo.InvariantCulture,
        $"{layer.Layer} (SQNR {layer.Quantized.SqnrDb:f1} dB{(layer.Quantized.KlNats is { } kl ? string.Create(CultureInfo.InvariantCulture, $", KL {kl:f4} nats") : "")})");
}
