using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Metrics;

namespace ResNetEdge.Exporter.Commands;

/// <summary>What an evaluation counted. Shares are 0 to 1.</summary>
internal sealed record EvaluateReport
{
    public required int Images { get; init; }

    public required int Right { get; init; }

    public required double Top1 { get; init; }

    /// <summary>95 % confidence interval of top1, as a sample of all such pictures.</summary>
    public required double Top1Low { get; init; }

    public required double Top1High { get; init; }

    public required string Engine { get; init; }

    /// <summary><c>int8</c> or <c>fp32</c>.</summary>
    public required string Precision { get; init; }

    public int? ReferenceRight { get; init; }

    public double? ReferenceTop1 { get; init; }

    /// <summary>Share of pictures on which both name the same class.</summary>
    public double? Agreement { get; init; }

    /// <summary>From counts.</summary>
    /// <param name="accuracy">At least one picture.</param>
    /// <param name="engine">Name of the engine.</param>
    /// <param name="precision"><c>int8</c> or <c>fp32</c>.</param>
    /// <param name="hasReference">Whether a reference was counted beside it.</param>
    public static EvaluateReport Of(Accuracy accuracy, string engine, string precision, bool hasReference)
    {
        var (low, high) = WilsonInterval.Of(accuracy.Right, accuracy.Images);
        return new()
        {
            Images = accuracy.Images,
            Right = accuracy.Right,
            Top1 = Round(accuracy.Top1),
            Top1Low = Round(low),
            Top1High = Round(high),
            Engine = engine,
            Precision = precision,
            ReferenceRight = hasReference ? accuracy.ReferenceRight : null,
            ReferenceTop1 = hasReference ? Round(accuracy.ReferenceTop1) : null,
            Agreement = hasReference ? Round(accuracy.Agreement) : null,
        };
    }

    /// <summary>In words, on one or two lines.</summary>
    public void Print(TextWriter writer)
    {
        writer.WriteLine($"{Precision} on {Engine}: {Right} of {Images} right, {100 * Top1:F2} % (95 % interval {100 * Top1Low:F1} to {100 * Top1High:F1} %)");
        if (ReferenceRight is { } right) writer.WriteLine($"reference: {right} right, {100 * ReferenceTop1:F2} %; the same answer on {100 * Agreement:F2} % of the pictures");
    }

    private static double Round(double share) => Math.Round(share, 6);
}
