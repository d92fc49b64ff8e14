using System.Globalization;
using ResNetEdge.Metrics;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>Whether a network may be shipped: how many percentage points of top-1 it loses against the float network on the same pictures.</summary>
internal static class AccuracyGate
{
    private const int NamedLayers = 5;

    /// <summary>Points lost; negative when the int8 network is right more often.</summary>
    public static double DropPoints(Accuracy accuracy) => 100.0 * (accuracy.ReferenceRight - accuracy.Right) / accuracy.Images;

    /// <summary>Refuses a network that loses more than allowed.</summary>
    /// <param name="accuracy">Of the network beside the float network.</param>
    /// <param name="maxDropPoints">Percentage points that may be lost.</param>
    /// <param name="costs">Measures the layers, most costly first; called only for a refusal.</param>
    /// <exception cref="EdgeException">Exit 4; the message names the figures and the layers that cost most.</exception>
    public static void Check(Accuracy accuracy, double maxDropPoints, Func<IReadOnlyList<LayerCost>> costs)
    {
        double drop = DropPoints(accuracy);
        if (drop <= maxDropPoints) return;
        var named = costs().Take(NamedLayers).Where(c => c.AddedNoise > 0).ToList();
        string layers = string.Join(", ", named.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Layer} (SQNR {c.SqnrDb:f1} dB)")));
        throw EdgeException.Refused(string.Create(CultureInfo.InvariantCulture,
            $"int8 is right on {accuracy.Right} of {accuracy.Images} pictures and fp32 on {accuracy.ReferenceRight}: {drop:f2} points of top-1 lost, {maxDropPoints:f2} allowed (--max-drop); nothing was written. The layers that cost most: {layers}. Keep them in fp32 (--keep-fp32 NAME), or calibrate with other pictures"));
    }
}
