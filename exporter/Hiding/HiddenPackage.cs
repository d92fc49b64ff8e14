using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.HalfPrecision;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>
/// What a package of <c>hide</c> holds: the shortened network, or the whole one with a ladder; either way the frontier that was measured.
/// </summary>
internal static class HiddenPackage
{
    /// <summary>Name of the frontier's file.</summary>
    public const string Frontier = "frontier.json";

    /// <summary>Describes the package.</summary>
    /// <param name="source">Manifest of the package that was shortened.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="network">Its network.</param>
    /// <param name="states">By level.</param>
    /// <param name="report">What was measured, and which level is taken.</param>
    /// <param name="pictures">For golden vectors.</param>
    public static PackageContent Describe(
        Manifest source, IReadOnlyList<string>? labels, Graph network, IReadOnlyList<HidingState> states, HideReport report, Pictures pictures)
    {
        string precision = source.Precision;
        var model = report.IsLadder ? network : states[report.Level].Graph;
        var golden = Golden(model, pictures, precision);
        var manifest = source with
        {
            ExporterVersion = BuildInfo.Version,
            Accuracy = report.IsLadder ? source.Accuracy : AccuracyOf(report, report.Level),
            Golden = GoldenVectors.Describe(golden, precision),
            Ladder = null,
        };
        var content = new PackageContent(manifest, model, labels, golden)
        {
            Reports = new Dictionary<string, ReadOnlyMemory<byte>> { [Frontier] = report.ToJson() },
        };
        return report.IsLadder ? WithLadder(content, network, states, report, pictures, precision) : content;
    }

    // Levels that lose too much are not rungs; those that remain are renumbered.
    private static PackageContent WithLadder(
        PackageContent content, Graph network, IReadOnlyList<HidingState> states, HideReport report, Pictures pictures, string precision)
    {
        var builder = new LadderBuilder(network);
        var rungs = new List<ManifestRung>();
        var outputs = new List<IReadOnlyList<IReadOnlyList<Tensor>>>();
        foreach (var level in report.Frontier.Where(f => f.Level > 0 && f.IsWithinGate))
        {
            var state = states[level.Level];
            var golden = Golden(state.Graph, pictures, precision);
            var tolerance = GoldenVectors.Describe(golden, precision);
            rungs.Add(new(
                state.Hidden, builder.Add(state, rungs.Count + 1), level.Macs, AccuracyOf(report, level.Level), tolerance.MaxAbsDifference)
            {
                MaxRmsDifference = tolerance.MaxRmsDifference,
            });
            outputs.Add([.. golden.Select(g => g.Outputs)]);
        }

        return content with
        {
            Manifest = content.Manifest with { Ladder = new(PackageFiles.Ladder, rungs) },
            Ladder = HalfNetwork.Again(builder.Graph, builder.Graph),
            LevelOutputs = outputs,
        };
    }

    private static List<Golden> Golden(Graph graph, Pictures pictures, string precision)
    {
        using var engine = GraphEngine.Load(graph, 1);
        return GoldenVectors.Make(graph, engine, pictures, precision);
    }

    private static ManifestAccuracy AccuracyOf(HideReport report, int level)
    {
        var figures = report.Frontier[level];
        return new(report.Images, figures.Right, figures.Top1, figures.ReferenceRight, report.Frontier[0].Top1, figures.Agreement);
    }
}
