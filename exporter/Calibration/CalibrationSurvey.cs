using ResNetEdge.Engines;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;
using ResNetEdge.Tasks.Classification;

namespace ResNetEdge.Exporter.Calibration;

/// <summary>
/// What a few calibration pictures look like to the float network: enough to tell pictures of its
/// world from others, before ranges are taken from them.
/// </summary>
/// <param name="Pictures">Pictures looked at.</param>
/// <param name="InputDeviation">Largest standard deviation of an input channel within a single picture, as the network is fed.</param>
/// <param name="AreAllTheSame">Whether every picture feeds the network the same numbers.</param>
/// <param name="ClassesNamed">How many different classes the network names.</param>
/// <param name="Layers">Layers with a record of training, in the graph's order; empty when there is none to believe.</param>
internal sealed record CalibrationSurvey(int Pictures, double InputDeviation, bool AreAllTheSame, int ClassesNamed, IReadOnlyList<LayerFit> Layers)
{
    /// <summary>Pictures that are enough: with 16 instead of 64 the figures of the right pictures hardly change.</summary>
    public const int EnoughPictures = 32;

    /// <summary>Divergence in nats of the middle layer; 0 when no layer has a record.</summary>
    public double Divergence { get; } = Layers.Count == 0 ? 0 : TrainingRecord.Median(Layers.Select(l => l.Divergence));

    /// <summary>Runs the network over pictures.</summary>
    /// <param name="graph">Float graph, the passes done.</param>
    /// <param name="record">Of the same network.</param>
    /// <param name="load">Makes an engine for a graph.</param>
    /// <param name="count">Pictures to look at, at least 1.</param>
    /// <param name="feed">Writes picture number i into an engine's inputs.</param>
    /// <returns>Null when the network gives NaN or infinity, which calibration refuses by layer.</returns>
    public static CalibrationSurvey? Run(Graph graph, TrainingRecord record, Func<Graph, IEngine> load, int count, Action<IEngine, int> feed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var present = graph.Nodes.SelectMany(n => n.Outputs).ToHashSet(StringComparer.Ordinal);
        TrainedStatistics[] trained = record.Doubt is null ? [.. record.Layers.Where(l => present.Contains(l.Value))] : [];
        string input = graph.Inputs[0].Name, output = graph.Outputs[0].Name;
        string[] values = [input, output, .. trained.Select(t => t.Value).Where(v => v != output)];
        trained = [.. trained.Where(t => t.Value != output)];

        using var engine = load(Calibrator.WithOutputs(graph, values));
        var seen = trained.Select(t => new ChannelStatistics(t.Mean.Length)).ToArray();
        float[] scratch = new float[engine.Outputs.Max(o => o.Shape.ElementCount)];
        float[]? first = null;
        double deviation = 0;
        bool same = true;
        var classes = new HashSet<int>();
        for (int i = 0; i < count; i++)
        {
            feed(engine, i);
            engine.Run();
            var picture = Output(engine, 0, scratch);
            var single = new ChannelStatistics(engine.Outputs[0].Shape is { Rank: >= 2 } shape ? shape[1] : 1);
            if (!single.Add(picture)) return null;
            for (int c = 0; c < single.Channels; c++) deviation = Math.Max(deviation, single.Deviation(c));
            same &= picture.SequenceEqual(first ??= picture.ToArray());
            classes.Add(TopK.Largest(Output(engine, 1, scratch)));
            for (int k = 0; k < trained.Length; k++)
            {
                if (!seen[k].Add(Output(engine, 2 + k, scratch))) return null;
            }
        }

        return new(count, deviation, same, classes.Count, [.. trained.Zip(seen, LayerFit.Of).OfType<LayerFit>()]);
    }

    private static ReadOnlySpan<float> Output(IEngine engine, int index, float[] scratch)
    {
        var elements = scratch.AsSpan(0, engine.Outputs[index].Shape.ElementCount);
        engine.GetOutput(index, elements);
        return elements;
    }
}
