using System.Globalization;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.HalfPrecision;
using ResNetEdge.Exporter.Hiding;
using ResNetEdge.Exporter.Progress;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Packages;
using ResNetEdge.Passes;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Exporter;

/// <summary>
/// The whole of <c>hide</c>: package → blocks → one hidden after the other, each level judged →
/// gate → package. Nothing is written before the gate is passed.
/// </summary>
internal static class HidePipeline
{
    // One bad block may be followed by a better one after a refit; two in a row are an end.
    private const int HopelessLevels = 2;
    private const double HopelessPoints = 2;

    /// <summary>Hides residual blocks of a package and writes the new package.</summary>
    /// <param name="options">What the user said.</param>
    /// <param name="log">Words for people, a line each.</param>
    /// <exception cref="EdgeException">Exit 2 to 5, as the steps say; exit 4 when no level passes
    /// the gate. No package is left behind then.</exception>
    public static HideReport Run(HideOptions options, Action<string> log)
    {
        using var package = Package.Open(options.Package);
        var manifest = package.Manifest
            ?? throw EdgeException.BadInput($"{package.Path}: a bare ONNX file does not describe its preprocessing; export it as a package first");
        var spec = manifest.Preprocess?.ToSpec()
            ?? throw EdgeException.BadInput($"{package.Path}: its input is not a picture, so blocks to hide cannot be chosen with pictures");
        var network = PassList.Run(package.Model.Graph);
        var blocks = HideableBlocks.Of(network);
        blocks.Require(options.Blocks, package.Path);

        string[] labels = [.. package.Labels ?? []];
        using var pictures = Pictures.Open(options.Evaluate, spec);
        int[] classes = pictures.Classes(options.Evaluate, labels);
        var split = options.Choose is null ? PictureSplit.Of(classes, options.Evaluate) : new([], [.. Enumerable.Range(0, pictures.Count)]);
        using var choosing = Choosing(options, spec, pictures, split);
        using var judging = pictures.Subset(split.Judging);
        var judge = new Judge(judging, [.. split.Judging.Select(i => classes[i])], network, options.Threads);
        if (judge.DoubtOf(labels) is { } doubt) log($"warning: {doubt}");

        var states = Hide(options, new BlockHider(network, blocks.Blocks, new PictureSet(choosing), options.Choices), judge, log);
        var medians = InterleavedLatency.Medians([.. states.Select(s => s.State.Graph)], engine => judging.Feed(engine, 0));
        long wholeMacs = GraphFacts.Of(network).Macs;
        List<FrontierReport> frontier = [.. states.Select((s, level) => FrontierReport.Of(
            level, s.State.Hidden, s.Accuracy, GraphFacts.Of(s.State.Graph).Macs, wholeMacs, BytesOf(s.State.Graph), s.State.DivergenceNats,
            medians[level], options.MaxDropPoints))];
        var report = new HideReport
        {
            Package = options.Output,
            Source = options.Package,
            Precision = manifest.Precision,
            ChoosingImages = choosing.Count,
            Images = judging.Count,
            MaxDropPoints = options.MaxDropPoints,
            Level = Gate(options, frontier),
            IsLadder = options.IsLadder,
            Frontier = frontier,
        };
        PackageWriter.Write(options.Output, HiddenPackage.Describe(manifest with { ModelVersion = options.ModelVersion ?? manifest.ModelVersion },
            package.Labels, network, [.. states.Select(s => s.State)], report, judging));
        return report;
    }

    private static Pictures Choosing(HideOptions options, PreprocessSpec spec, Pictures pictures, PictureSplit split)
    {
        if (options.Choose is { } directory) return Pictures.Open(directory, spec, options.ChoosingImages);
        int count = Math.Min(options.ChoosingImages, split.Choosing.Count);
        return pictures.Subset([.. Enumerable.Range(0, count).Select(i => split.Choosing[(int)((long)i * split.Choosing.Count / count)])]);
    }

    private static List<(HidingState State, Accuracy Accuracy)> Hide(HideOptions options, BlockHider hider, Judge judge, Action<string> log)
    {
        var states = new List<(HidingState State, Accuracy Accuracy)> { (hider.Whole, judge.Of(hider.Whole.Graph)) };
        int most = options.Blocks.Count > 0 ? options.Blocks.Count : options.MostBlocks, hopeless = 0;
        while (states.Count <= most && hopeless < HopelessLevels
            && hider.Next(states[^1].State, options.Blocks.ElementAtOrDefault(states.Count - 1)) is { } next)
        {
            var state = next with { Graph = HalfNetwork.Again(next.Graph, hider.Whole.Graph) };
            var accuracy = judge.Of(state.Graph);
            states.Add((state, accuracy));
            log(string.Create(CultureInfo.InvariantCulture, $"level {states.Count - 1}: {state.Hidden[^1]} hidden, {accuracy.Right} of "
                + $"{accuracy.Images} right (whole network {accuracy.ReferenceRight})"));
            if (options.Blocks.Count == 0) hopeless = AccuracyGate.DropPoints(accuracy) > options.MaxDropPoints + HopelessPoints ? hopeless + 1 : 0;
        }

        return states;
    }

    // The level with the fewest multiply-accumulates of those that lose no more than allowed; blocks that were asked for go all or not at all.
    private static int Gate(HideOptions options, List<FrontierReport> frontier)
    {
        var candidates = options.Blocks.Count > 0 ? frontier.TakeLast(1) : frontier.Skip(1);
        if (candidates.Where(f => f.IsWithinGate).MinBy(f => f.Macs) is { } taken) return taken.Level;
        if (frontier.Count == 1) throw EdgeException.Refused($"{options.Package}: no block can be replaced by anything cheaper; nothing was written");
        var least = candidates.MinBy(f => f.DropPoints)!;
        throw EdgeException.Refused(string.Create(CultureInfo.InvariantCulture,
            $"hiding {string.Join(", ", least.HiddenBlocks)} loses {least.DropPoints:f2} points of top-1 on the pictures of {options.Evaluate} that "
                + $"measure it ({least.Right} right, whole network {least.ReferenceRight}), {options.MaxDropPoints:f2} allowed (--max-drop), "
                + $"and nothing tried loses less; nothing was written. Give more pictures to choose with (--choose DIR), or allow a larger drop"));
    }

    private static long BytesOf(Graph graph)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(NarrowFloats.Of(graph).File, stream);
        return stream.Length;
    }
}
