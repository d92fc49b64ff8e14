using ResNetEdge.Backends.Cpu.Threading;
using ResNetEdge.Exporter.Evaluation;

namespace ResNetEdge.Exporter.Reports;

/// <summary>
/// What an evaluation counted. Shares are 0 to 1; <c>_low</c> and <c>_high</c> are the bounds of a
/// 95 % confidence interval, the pictures taken as a sample of all such.
/// </summary>
internal sealed record EvaluateReport
{
    private const int NamedConfusions = 10;

    public required int Images { get; init; }

    public required int Right { get; init; }

    public required double Top1 { get; init; }

    public required double Top1Low { get; init; }

    public required double Top1High { get; init; }

    /// <summary>Null for a network with no more than five classes.</summary>
    public int? RightTop5 { get; init; }

    public double? Top5 { get; init; }

    public double? Top5Low { get; init; }

    public double? Top5High { get; init; }

    public required string Engine { get; init; }

    /// <summary><c>int8</c>, <c>fp16</c> or <c>fp32</c>.</summary>
    public required string Precision { get; init; }

    public int? ReferenceRight { get; init; }

    public double? ReferenceTop1 { get; init; }

    public double? ReferenceTop1Low { get; init; }

    public double? ReferenceTop1High { get; init; }

    public double? ReferenceTop5 { get; init; }

    /// <summary>Share of pictures on which both name the same class.</summary>
    public double? Agreement { get; init; }

    public double? AgreementLow { get; init; }

    public double? AgreementHigh { get; init; }

    /// <summary>Pictures that only this network answers right.</summary>
    public int? Gained { get; init; }

    /// <summary>Pictures that only the reference answers right.</summary>
    public int? Lost { get; init; }

    /// <summary>Of the exact test on those two: above 0.05 the difference may be chance.</summary>
    public double? PValue { get; init; }

    /// <summary>The classes that occur.</summary>
    public required ClassReport[] Classes { get; init; }

    /// <summary>The pairs of classes that are taken for one another most often.</summary>
    public required ConfusionReport[] MostConfused { get; init; }

    /// <summary>[right class][answered class], with <c>--confusion</c>.</summary>
    public int[][]? Confusion { get; init; }

    /// <summary>Makes the report from the answers to all pictures.</summary>
    /// <param name="result">At least one picture.</param>
    /// <param name="engine">Name of the engine.</param>
    /// <param name="precision"><c>int8</c> or <c>fp32</c>.</param>
    /// <param name="labels">Class names.</param>
    /// <param name="hasConfusion">Whether the whole matrix is wanted.</param>
    public static EvaluateReport Of(EvaluationResult result, string engine, string precision, IReadOnlyList<string> labels, bool hasConfusion = false)
    {
        var accuracy = result.Accuracy;
        int images = accuracy.Images;
        bool hasReference = result.Reference is not null, hasTop5 = result.Classes > 5;
        var (low, high) = Interval(accuracy.Right, images);
        var (low5, high5) = Interval(result.RightTop5, images);
        var (referenceLow, referenceHigh) = Interval(accuracy.ReferenceRight, images);
        var (agreementLow, agreementHigh) = Interval(accuracy.Agreeing, images);
        int[][] confusion = result.Confusion(result.Answers);
        return new()
        {
            Images = images,
            Right = accuracy.Right,
            Top1 = Round(accuracy.Top1),
            Top1Low = low,
            Top1High = high,
            RightTop5 = hasTop5 ? result.RightTop5 : null,
            Top5 = hasTop5 ? Round((double)result.RightTop5 / images) : null,
            Top5Low = hasTop5 ? low5 : null,
            Top5High = hasTop5 ? high5 : null,
            Engine = engine,
            Precision = precision,
            ReferenceRight = hasReference ? accuracy.ReferenceRight : null,
            ReferenceTop1 = hasReference ? Round(accuracy.ReferenceTop1) : null,
            ReferenceTop1Low = hasReference ? referenceLow : null,
            ReferenceTop1High = hasReference ? referenceHigh : null,
            ReferenceTop5 = hasTop5 && result.ReferenceRightTop5 is { } top5 ? Round((double)top5 / images) : null,
            Agreement = hasReference ? Round(accuracy.Agreement) : null,
            AgreementLow = hasReference ? agreementLow : null,
            AgreementHigh = hasReference ? agreementHigh : null,
            Gained = result.Paired?.Gained,
            Lost = result.Paired?.Lost,
            PValue = result.Paired is { } paired ? Round(paired.PValue) : null,
            Classes = [.. result.ByClass().Select(c => new ClassReport(
                labels[c.Class], c.Images, c.Right, Interval(c.Right, c.Images).Low, Interval(c.Right, c.Images).High, c.ReferenceRight))],
            MostConfused = [.. Confused(confusion).Take(NamedConfusions).Select(c => new ConfusionReport(labels[c.Label], labels[c.Said], c.Images))],
            Confusion = hasConfusion ? confusion : null,
        };
    }

    /// <summary>Prints the report as text.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isWhole">Also class by class.</param>
    public void Print(TextWriter writer, bool isWhole = false)
    {
        writer.WriteLine(
            $"{Precision} on {Engine}: {Right} of {Images} right, {100 * Top1:F2} % (95 % interval {100 * Top1Low:F1} to {100 * Top1High:F1} %)"
                + (Top5 is { } top5 ? $"; among the first five {100 * top5:F2} %" : ""));
        if (ReferenceRight is { } right)
        {
            writer.WriteLine($"reference: {right} right, {100 * ReferenceTop1:F2} % ({100 * ReferenceTop1Low:F1} to {100 * ReferenceTop1High:F1} %); "
                + $"the same answer on {100 * Agreement:F2} % of the pictures");
            writer.WriteLine($"right where the reference is wrong: {Gained}, wrong where it is right: {Lost}; "
                + (PValue > 0.05 ? $"a difference this small may be chance (p {PValue:F3})" : $"unlikely to be chance (p {PValue:F3})"));
        }

        if (isWhole) PrintClasses(writer);
    }

    private void PrintClasses(TextWriter writer)
    {
        int width = Classes.Max(c => c.Label.Length);
        foreach (var c in Classes)
        {
            writer.WriteLine($"  {c.Label.PadRight(width)}  {c.Right,6} of {c.Images,6} right, {100.0 * c.Right / c.Images,6:F2} % "
                + $"({100 * c.Low:F1} to {100 * c.High:F1} %)"
                + (c.ReferenceRight is { } reference ? $", {(c.Right - reference):+0;-0;0} compared with the reference" : ""));
        }

        foreach (var c in MostConfused) writer.WriteLine($"  '{c.Label}' mistaken for '{c.Said}': {c.Images}");
    }

    private static IEnumerable<(int Label, int Said, int Images)> Confused(int[][] confusion) =>
        confusion.SelectMany((row, label) => row.Select((images, said) => (label, said, images))).Where(c => c.label != c.said && c.images > 0)
            .OrderByDescending(c => c.images).ThenBy(c => c.label).ThenBy(c => c.said);

    private static (double Low, double High) Interval(int count, int images)
    {
        var (low, high) = WilsonInterval.Of(count, images);
        return (Round(low), Round(high));
    }

    private static double Round(double share) => Math.Round(share, 6);
}

/// <summary>One class of an evaluation.</summary>
internal sealed record ClassReport(string Label, int Images, int Right, double Low, double High, int? ReferenceRight);

/// <summary>Pictures of one class that were taken for another.</summary>
internal sealed record ConfusionReport(string Label, string Said, int Images);
