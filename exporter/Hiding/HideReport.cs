using System.Globalization;
using System.Text.Json;
using ResNetEdge.Backends.Cpu.Threading;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Metrics;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>What hiding blocks cost and saved. Shares are 0 to 1; accuracies are of the judging pictures, with which nothing was chosen.</summary>
internal sealed record HideReport
{
    public required string Package { get; init; }

    /// <summary>The package that was shortened.</summary>
    public required string Source { get; init; }

    /// <summary><c>int8</c> or <c>fp32</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>Pictures that chose and repaired.</summary>
    public required int ChoosingImages { get; init; }

    /// <summary>Pictures that judged.</summary>
    public required int Images { get; init; }

    public required double MaxDropPoints { get; init; }

    /// <summary>The level that the package has, or the last one of its ladder.</summary>
    public required int Level { get; init; }

    public required bool IsLadder { get; init; }

    /// <summary>Level 0 is the whole network.</summary>
    public required IReadOnlyList<FrontierReport> Frontier { get; init; }

    /// <summary>The frontier as the package keeps it.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, FrontierJson.Default.HideReport);

    /// <summary>Prints the levels as a table and the result as a sentence.</summary>
    public void Print(TextWriter writer)
    {
        writer.WriteLine(
            $"{Images} pictures measured, blocks chosen with {ChoosingImages} others; at most {MaxDropPoints:F2} points of top-1 may be lost");
        writer.WriteLine("level  hidden block      MACs saved  top-1 (95 % interval)       lost     same answer  p50");
        foreach (var level in Frontier)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{level.Level,5}  {level.Block ?? "-",-16}  {100 * level.MacsSaved,8:F1} %  {100 * level.Top1,6:F2} % ({100 * level.Top1Low:F1} to "
                    + $"{100 * level.Top1High:F1} %)  {level.DropPoints,5:F2}    {100 * level.Agreement,8:F2} %  {level.P50Ms:F3} "
                    + $"ms{(level.IsWithinGate ? "" : "  over the limit")}"));
        }

        var taken = Frontier[Level];
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Package}: {(IsLadder ? $"a ladder of {Frontier.Count(f => f.Level > 0 && f.IsWithinGate)} levels, the last one without" : "without")} "
                + $"{string.Join(", ", taken.HiddenBlocks)}: {100 * taken.MacsSaved:F1} % of the multiply-accumulates saved, "
                + $"{taken.DropPoints:F2} points of top-1 lost"));
    }
}

/// <summary>One level: the network with some blocks hidden.</summary>
internal sealed record FrontierReport
{
    public required int Level { get; init; }

    /// <summary>The block that this level hides and the one before does not; null at level 0.</summary>
    public string? Block { get; init; }

    public required IReadOnlyList<string> HiddenBlocks { get; init; }

    public required long Macs { get; init; }

    /// <summary>Share of the whole network's.</summary>
    public required double MacsSaved { get; init; }

    /// <summary>Of the network's file.</summary>
    public required long Bytes { get; init; }

    public required int Right { get; init; }

    public required double Top1 { get; init; }

    public required double Top1Low { get; init; }

    public required double Top1High { get; init; }

    public required int ReferenceRight { get; init; }

    /// <summary>Percentage points of top-1 lost against the whole network; negative when gained.</summary>
    public required double DropPoints { get; init; }

    /// <summary>Share of pictures on which it answers as the whole network does.</summary>
    public required double Agreement { get; init; }

    /// <summary>Of the class probabilities from the whole network's, on the choosing pictures.</summary>
    public required double DivergenceNats { get; init; }

    /// <summary>Median of one inference on this machine, one thread, all levels in turns.</summary>
    public required double P50Ms { get; init; }

    public required bool IsWithinGate { get; init; }

    /// <summary>Makes the report of one level from its counts.</summary>
    public static FrontierReport Of(
        int level, IReadOnlyList<string> hidden, Accuracy accuracy, long macs, long wholeMacs, long bytes, double divergence, TimeSpan p50,
        double maxDropPoints)
    {
        var (low, high) = WilsonInterval.Of(accuracy.Right, accuracy.Images);
        double drop = AccuracyGate.DropPoints(accuracy);
        return new()
        {
            Level = level,
            Block = level == 0 ? null : hidden[^1],
            HiddenBlocks = hidden,
            Macs = macs,
            MacsSaved = Math.Round(1 - (double)macs / wholeMacs, 6),
            Bytes = bytes,
            Right = accuracy.Right,
            Top1 = Math.Round(accuracy.Top1, 6),
            Top1Low = Math.Round(low, 6),
            Top1High = Math.Round(high, 6),
            ReferenceRight = accuracy.ReferenceRight,
            DropPoints = Math.Round(drop, 4),
            Agreement = Math.Round(accuracy.Agreement, 6),
            DivergenceNats = Math.Round(divergence, 6),
            P50Ms = Math.Round(p50.TotalMilliseconds, 4),
            IsWithinGate = drop <= maxDropPoints,
        };
    }
}
