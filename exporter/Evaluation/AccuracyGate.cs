using System.Globalization;
using ResNetEdge.Metrics;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>Whether a network may be shipped: how many percentage points of top-1 it loses against the float network on the same pictures.</summary>
internal static class AccuracyGate
{
    /// <summary>Points lost; negative when the network is right more often.</summary>
    public static double DropPoints(Accuracy accuracy) => 100.0 * (accuracy.ReferenceRight - accuracy.Right) / accuracy.Images;

    /// <summary>Refuses a network that loses more than allowed.</summary>
    /// <param name="precision">Of the network.</param>
    /// <param name="accuracy">Of the network beside the float network.</param>
    /// <param name="maxDropPoints">Percentage points that may be lost.</param>
    /// <param name="advise">A sentence on what to try; called only for a refusal, because it may measure the layers.</param>
    /// <exception cref="EdgeException">Exit 4; the message names the figures, what costs most and what to try.</exception>
    public static void Check(string precision, Accuracy accuracy, double maxDropPoints, Func<string> advise)
    {
        double drop = DropPoints(accuracy);
        if (drop <= maxDropPoints) return;
        var paired = new PairedTest(0, Math.Max(0, accuracy.ReferenceRight - accuracy.Right)); // as if it had gained nowhere
        string chance =
            paired is { Lost: > 0, PValue: > 0.05 } ? $" ({accuracy.Images} pictures are few: a difference this small may be chance)" : "";
        throw EdgeException.Refused(string.Create(CultureInfo.InvariantCulture,
            $"{precision} is right on {accuracy.Right} of {accuracy.Images} pictures and fp32 on {accuracy.ReferenceRight}: "
                + $"{drop:f2} points of top-1 lost, {maxDropPoints:f2} allowed (--max-drop){chance}; nothing was written. {advise()}"));
    }
}
