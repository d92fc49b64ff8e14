using ResNetEdge.Engines;
using ResNetEdge.Exporter.Blocks;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Progress;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Tasks.Classification;

namespace ResNetEdge.Exporter.Sensitivity;

/// <summary>Measures a sensitivity report: one changed network after the other over the same few pictures.</summary>
/// <remarks>
/// The number of pictures follows from the network's multiply-accumulates alone, never from the clock, so
/// that the same export gives the same sensitivity report: about <see cref="LayerBudget"/> of them for
/// the layers and <see cref="HidingBudget"/> for the blocks, some 10 seconds each on one modern core.
/// </remarks>
/// <param name="Load">Makes an engine for a graph.</param>
/// <param name="Progress">Told of every changed network.</param>
internal sealed record SensitivityAnalysis(Func<Graph, IEngine> Load, ProgressDisplay Progress)
{
    private const double LayerBudget = 1e12, HidingBudget = 1e12;
    private const int LeastPictures = 2, MostPictures = 16, LeastHidingPictures = 16, MostHidingPictures = 200;

    /// <summary>Measures what each layer and each residual block costs.</summary>
    /// <param name="fp32">Float graph.</param>
    /// <param name="int8">The same, quantised, nodes under the same names; null for an fp32 package.</param>
    /// <param name="scope">Layers, or blocks too.</param>
    /// <param name="calibration">Pictures for what is quantised.</param>
    /// <param name="labelled">Pictures for hidden blocks, or null: then those of the calibration.</param>
    public SensitivityReport Measure(Graph fp32, Graph? int8, SensitivityScope scope, SensitivityPictures calibration, SensitivityPictures? labelled)
    {
        var facts = GraphFacts.Of(fp32);
        Node[] layers = int8 is null ? [] : [.. PartialQuantization.Layers(int8)];
        var blocks = scope == SensitivityScope.Full ? ResidualBlockFinder.Find(fp32).Blocks : [];
        var few = calibration.Take(Affordable(LayerBudget, facts.Macs, layers.Length + 2 + blocks.Count, LeastPictures, MostPictures));
        var many = (labelled ?? calibration).Take(Affordable(HidingBudget, facts.Macs, blocks.Count + 1, LeastHidingPictures, MostHidingPictures));

        using var job = Progress.Begin("measuring the sensitivity report", layers.Length + (int8 is null ? 1 : 2) + blocks.Count, "networks");
        var original = Outputs(fp32, few);
        var whole = int8 is null ? null : Compare(fp32, original, int8, few);
        job.Step();
        var entries = new List<LayerEntry>();
        foreach (var layer in layers)
        {
            entries.Add(new(layer.Name, layer.OpType, GraphFacts.MacsOf(fp32, layer.Name), Compare(fp32, original, Only(int8!, fp32, [layer]), few)));
            job.Step();
        }

        var ratios = BranchRatios(fp32, blocks, few);
        var shown = blocks.Count == 0 ? [] : Outputs(fp32, many);
        var blockEntries = new List<BlockEntry>();
        for (int b = 0; b < blocks.Count; b++)
        {
            var block = blocks[b];
            var bypassed = BlockBypass.Apply(fp32, block);
            float[][] outputs = Outputs(bypassed, many);
            blockEntries.Add(new(
                block.Name,
                block.Shortcut switch { ShortcutKind.Identity => "identity", ShortcutKind.Projection => "projection", _ => "parameter_free" },
                block.Branch.Sum(n => GraphFacts.MacsOf(fp32, n.Name)),
                ratios[b],
                int8 is null ? null : Compare(fp32, original, Only(int8, fp32, block.Nodes), few),
                Compare(fp32, shown, outputs),
                Right(outputs, many.Classes)));
            job.Step();
        }

        return new()
        {
            Images = few.Count,
            HidingImages = blocks.Count == 0 ? 0 : many.Count,
            HasLabels = many.Classes is not null && blocks.Count > 0,
            Right = Right(shown, blocks.Count == 0 ? null : many.Classes),
            Macs = facts.Macs,
            Quantized = whole,
            Layers = entries,
            Blocks = blockEntries,
        };
    }

    /// <summary>How far the first output of a changed network is from the original's.</summary>
    public OutputChange Distance(Graph original, Graph changed, SensitivityPictures pictures) =>
        Compare(original, Outputs(original, pictures), changed, pictures);

    private static int Affordable(double budget, long macs, int networks, int least, int most) =>
        (int)Math.Clamp(budget / Math.Max(1, (double)macs * Math.Max(1, networks)), least, most);

    private static Graph Only(Graph int8, Graph fp32, IEnumerable<Node> nodes) =>
        PartialQuantization.Keep(int8, fp32, nodes.Select(n => n.Name).ToHashSet(StringComparer.Ordinal));

    private static int? Right(float[][] outputs, int[]? classes) =>
        classes is null ? null : outputs.Zip(classes).Count(p => TopK.Largest(p.First) == p.Second);

    private OutputChange Compare(Graph graph, float[][] original, Graph changed, SensitivityPictures pictures) =>
        Compare(graph, original, Outputs(changed, pictures));

    private static OutputChange Compare(Graph graph, float[][] original, float[][] changed)
    {
        var shape = graph.Outputs[0].Shape;
        bool areClasses = shape.ElementCount > 1 && shape.ElementCount == shape[Math.Min(1, shape.Rank - 1)];
        var comparison = new OutputComparison(areClasses, FinalSoftmax.IsIn(graph));
        for (int i = 0; i < original.Length; i++) comparison.Add(original[i], changed[i]);
        return comparison.Result();
    }

    // [picture][element] of the first output.
    private float[][] Outputs(Graph graph, SensitivityPictures pictures)
    {
        using var engine = Load(graph);
        float[][] outputs = new float[pictures.Count][];
        for (int i = 0; i < outputs.Length; i++)
        {
            pictures.Feed(engine, i);
            engine.Run();
            engine.GetOutput<float>(0, outputs[i] = new float[engine.Outputs[0].Shape.ElementCount]);
        }

        return outputs;
    }

    private double[] BranchRatios(Graph fp32, IReadOnlyList<ResidualBlock> blocks, SensitivityPictures pictures)
    {
        if (blocks.Count == 0) return [];
        var infos = ShapeInference.Infer(fp32);
        string[] values = [.. blocks.SelectMany(b => new[] { b.BranchOutput, b.ShortcutOutput }).Distinct()];
        double[] powers = new double[values.Length];
        using var engine = Load(Calibrator.WithOutputs(fp32, values));
        float[] scratch = new float[values.Max(v => infos[v].Shape.ElementCount)];
        for (int i = 0; i < pictures.Count; i++)
        {
            pictures.Feed(engine, i);
            engine.Run();
            for (int k = 0; k < values.Length; k++)
            {
                var elements = scratch.AsSpan(0, infos[values[k]].Shape.ElementCount);
                engine.GetOutput(k, elements);
                foreach (float e in elements) powers[k] += (double)e * e;
            }
        }

        double Power(string value) => powers[Array.IndexOf(values, value)];
        return [.. blocks.Select(b => Math.Round(Math.Sqrt(Power(b.BranchOutput) / Math.Max(double.Epsilon, Power(b.ShortcutOutput))), 4))];
    }
}
