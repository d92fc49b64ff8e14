using System.Globalization;
using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Calibration;

/// <summary>All that a network's BatchNormalizations remember of its training, and whether it can be believed.</summary>
/// <param name="Layers">In the graph's order.</param>
/// <param name="Doubt">Why the record cannot be compared with pictures, as the rest of a sentence; null when it can be used.</param>
internal sealed record TrainingRecord(IReadOnlyList<TrainedStatistics> Layers, string? Doubt)
{
    /// <summary>How far the record disagrees with the weights, in standard deviations; see <see cref="MaxMiss"/>.</summary>
    public double Miss { get; private init; }

    /// <summary>The first layer whose own miss is beyond <see cref="MaxMiss"/>; null when there is none.</summary>
    public string? FirstMissed { get; private init; }

    /// <summary>A network of which nothing is known.</summary>
    public static TrainingRecord None { get; } = new([], "the network has no BatchNormalization left that recorded the training data");

    // Of the median. Measured: 0.08 to 0.09 on four trained networks; random weights with random
    // statistics 0.16 to 0.6, the more the statistics are spread.
    internal const double MaxMiss = 0.2;

    /// <summary>Reads a graph's record.</summary>
    /// <param name="graph">As trained: before the passes fold anything; with Relu, whatever the network's nonlinearity is.</param>
    /// <param name="activation">The nonlinearity; null for Relu.</param>
    public static TrainingRecord Of(Graph graph, ActivationFunction? activation = null)
    {
        var assumed = activation ?? ActivationFunctions.Relu;
        var layers = TrainedStatistics.Of(graph);
        if (layers.Count == 0) return None;
        if (layers.All(l => l.IsUntrained)) return new(layers, "its BatchNormalizations are as initialised, before any training");
        var misses = Misses(graph, layers, assumed);
        double miss = misses.Count == 0 ? 0 : Median(misses.Select(static m => m.Miss));
        string? first = misses.Find(static m => m.Miss > MaxMiss).Layer;
        string? doubt = miss <= MaxMiss ? null : string.Create(CultureInfo.InvariantCulture,
            $"its BatchNormalizations do not fit its weights (they are {miss:f1} standard deviations apart, first in layer '{first}'): "
            + $"they do not come from training these weights, or the network's activation is not {assumed.Name}");
        return new(layers, doubt) { Miss = miss, FirstMissed = first };
    }

    /// <summary>
    /// How far the record disagrees with itself: of each BatchNormalization → nonlinearity → Conv →
    /// BatchNormalization, the mean that the first one and the weights lead to, and the mean that the second
    /// one has recorded; in standard deviations, the median over channels. Empty without such a chain.
    /// </summary>
    private static List<(string Layer, double Miss)> Misses(Graph graph, IReadOnlyList<TrainedStatistics> layers, ActivationFunction activation)
    {
        var byValue = layers.ToDictionary(l => l.Value, StringComparer.Ordinal);
        var makers = graph.Nodes.ToDictionary(n => n.Output, StringComparer.Ordinal);
        var misses = new List<(string Layer, double Miss)>();
        foreach (var second in layers)
        {
            if (!makers.TryGetValue(makers[second.Value].Inputs[0], out var conv) || conv.OpType != OpTypes.Conv
                || graph.Constant(conv.Input(1)) is not { Type: ElementType.Float32 } weights)
                continue;
            if (!makers.TryGetValue(conv.Inputs[0], out var relu) || relu.OpType != OpTypes.Relu
                || !byValue.TryGetValue(relu.Inputs[0], out var first))
                continue;
            float[] w = weights.ToFloats(), bias = graph.Constant(conv.Input(2))?.ToFloats() ?? new float[second.Mean.Length];
            double[] inputs = [.. first.Mean.Zip(first.Deviation, MeanBehind(activation))];
            int outputs = second.Mean.Length, each = w.Length / outputs,
                perGroup = weights.Shape[1], taps = each / perGroup, groups = inputs.Length / perGroup;
            var channels = new List<double>();
            for (int o = 0; o < outputs; o++)
            {
                double mean = bias[o];
                for (int k = 0; k < each; k++) mean += w[o * each + k] * inputs[o / Math.Max(1, outputs / groups) * perGroup + k / taps];
                if (second.InputDeviation[o] > 0) channels.Add(Math.Abs(mean - second.InputMean[o]) / second.InputDeviation[o]);
            }

            if (channels.Count > 0) misses.Add((second.Layer, Median(channels)));
        }

        return misses;
    }

    /// <summary>The middle one; of an even number the upper of the two.</summary>
    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static Func<float, float, double> MeanBehind(ActivationFunction activation) =>
        activation == ActivationFunctions.Relu ? RectifiedMean : (mean, deviation) => activation.Mean(mean, deviation);

    // Mean of max(0, X) for a normal X.
    private static double RectifiedMean(float mean, float deviation)
    {
        if (deviation <= 0) return Math.Max(0, mean);
        double z = mean / (double)deviation;
        return mean * NormalDistribution.Cumulative(z) + deviation * NormalDistribution.Density(z);
    }
}
