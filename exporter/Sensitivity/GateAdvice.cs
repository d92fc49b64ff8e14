using System.Globalization;

namespace ResNetEdge.Exporter.Sensitivity;

/// <summary>What to try when the accuracy gate has refused a network.</summary>
internal static class GateAdvice
{
    /// <summary>For a network of float16, whose layers are not measured one by one.</summary>
    public const string OfHalf = "Try to keep the layers with the largest values in fp32 (--keep-fp32), or --precision fp32";

    private const int NamedLayers = 5, LayersToTry = 2;

    /// <summary>Names the layers that cost most, and the options that spare them.</summary>
    /// <param name="sensitivity">Of the refused network; null when none could be made.</param>
    public static string Of(SensitivityReport? sensitivity)
    {
        const string calibration = "calibrate with more pictures that resemble those evaluated (--calibration, --calibration-images), "
            + "or with another method (--calibrate-by)";
        if (sensitivity is null || sensitivity.Layers.Count == 0) return $"Try to {calibration}";
        var worst = sensitivity.Costliest().Take(NamedLayers).ToList();
        string layers = string.Join(", ", worst.Select(Words));
        string keep = string.Join(" ", worst.Take(LayersToTry).Select(l => $"--keep-fp32 '{l.Layer}'"));
        double share = 100.0 * worst.Take(LayersToTry).Sum(l => l.Macs) / Math.Max(1, sensitivity.Macs);
        return string.Create(CultureInfo.InvariantCulture,
            $"The layers that cost most, each quantised alone: {layers}. Try {keep} ({share:f1} % of the multiply-accumulates), or {calibration}");
    }

    private static string Words(LayerEntry layer) => string.Create(CultureInfo.InvariantCulture,
        $"{layer.Layer} (SQNR {layer.Quantized.SqnrDb:f1} "
            + $"dB{(layer.Quantized.KlNats is { } kl ? string.Create(CultureInfo.InvariantCulture, $", KL {kl:f4} nats") : "")})");
}
