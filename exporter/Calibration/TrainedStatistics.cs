using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Normalization;

namespace ResNetEdge.Exporter.Calibration;

/// <summary>
/// What a BatchNormalization remembers of the training: channel by channel, what it gave had the mean <c>shift</c> and the standard deviation
/// <c>|scale|</c> (Ioffe and Szegedy, arXiv:1502.03167). After folding the same value is what the convolution gives.
/// </summary>
/// <param name="Layer">Name of the node whose output it is once folded: the convolution, else the normalization itself.</param>
/// <param name="Value">The normalization's output; keeps its name when the passes fold it.</param>
/// <param name="Mean">[channels].</param>
/// <param name="Deviation">[channels]; 0 for a channel that training has switched off.</param>
/// <param name="InputMean">[channels]; of what the normalization was given.</param>
/// <param name="InputDeviation">[channels].</param>
internal sealed record TrainedStatistics(string Layer, string Value, float[] Mean, float[] Deviation, float[] InputMean, float[] InputDeviation)
{
    /// <summary>Whether nothing was ever recorded: mean 0 and variance 1 throughout, as frameworks initialise it.</summary>
    public bool IsUntrained => Array.TrueForAll(InputMean, m => m == 0) && Array.TrueForAll(InputDeviation, d => d == 1);

    /// <summary>Reads every normalization of a graph, in the graph's order.</summary>
    /// <param name="graph">As trained: before the passes fold anything.</param>
    public static IReadOnlyList<TrainedStatistics> Of(Graph graph)
    {
        var makers = graph.Nodes.SelectMany(n => n.Outputs.Where(o => o.Length > 0).Select(o => (o, n)))
            .ToDictionary(p => p.o, p => p.n, StringComparer.Ordinal);
        var all = new List<TrainedStatistics>();
        foreach (var node in graph.Nodes.Where(n => n.OpType == OpTypes.BatchNormalization))
        {
            var constants = node.Inputs.Skip(1).Select(graph.Constant).ToArray();
            if (constants.Length != 4 || Array.Exists(constants, c => c is not { Type: ElementType.Float32 })) continue;
            float[] scale = constants[0]!.ToFloats(), shift = constants[1]!.ToFloats(),
                mean = constants[2]!.ToFloats(), variance = constants[3]!.ToFloats();
            // Shape inference says so with a sentence.
            if (scale.Length != shift.Length || scale.Length != mean.Length || scale.Length != variance.Length) continue;
            float epsilon = node.Attributes.Float("epsilon", BatchNormalization.DefaultEpsilon);
            // The variance was divided by together with epsilon: a channel that hardly varied came out narrower than |scale|.
            float[] deviation = [.. scale.Zip(variance, (s, v) => v > 0 ? MathF.Abs(s) * MathF.Sqrt(v / (v + epsilon)) : 0)];
            string layer = makers.TryGetValue(node.Inputs[0], out var maker) && maker.OpType == OpTypes.Conv ? maker.Name : node.Name;
            all.Add(new(layer, node.Output, shift, deviation, mean, [.. variance.Select(v => MathF.Sqrt(Math.Max(0, v)))]));
        }

        return all;
    }
}
