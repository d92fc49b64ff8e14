using ResNetEdge.Engines;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>
/// Which layers cost most when a network becomes int8: the same pictures through both graphs, and at each layer the signal-to-quantisation-noise
/// ratio (SQNR) of what it gives. A layer's cost is how much noise, relative to the signal, it gives beyond what it was given.
/// </summary>
internal static class LayerCosts
{
    /// <summary>Compares the two graphs, most costly layer first.</summary>
    /// <param name="fp32">Float graph.</param>
    /// <param name="int8">The same graph, quantised: values keep their names.</param>
    /// <param name="load">Makes an engine for a graph.</param>
    /// <param name="count">Pictures to compare on; a few do.</param>
    /// <param name="feed">Writes picture number i into an engine's inputs.</param>
    public static List<LayerCost> Measure(Graph fp32, Graph int8, Func<Graph, IEngine> load, int count, Action<IEngine, int> feed)
    {
        var layers = fp32.Nodes.Where(n => n.OpType is "Conv" or "Gemm" or "Add").ToList();
        string[] values = [.. layers.Select(n => QuantizationPlan.Result(fp32, n)).Distinct()];
        double[] signal = new double[values.Length], noise = new double[values.Length];

        using var exact = load(Calibrator.WithOutputs(fp32, values));
        using var rounded = load(Calibrator.WithOutputs(int8, values));
        float[] expected = new float[exact.Outputs.Max(o => o.Shape.ElementCount)], actual = new float[expected.Length];
        for (int i = 0; i < count; i++)
        {
            foreach (var engine in new[] { exact, rounded })
            {
                feed(engine, i);
                engine.Run();
            }

            for (int k = 0; k < values.Length; k++)
            {
                int n = exact.Outputs[k].Shape.ElementCount;
                exact.GetOutput(k, expected.AsSpan(0, n));
                rounded.GetOutput(k, actual.AsSpan(0, n));
                for (int e = 0; e < n; e++)
                {
                    double difference = (double)actual[e] - expected[e];
                    signal[k] += (double)expected[e] * expected[e];
                    noise[k] += difference * difference;
                }
            }
        }

        var share = values.Select((value, k) => (value, Share: signal[k] == 0 ? 0 : noise[k] / signal[k])).ToDictionary(p => p.value, p => p.Share, StringComparer.Ordinal);
        return [.. layers.Select(n => new LayerCost(n.Name, share[QuantizationPlan.Result(fp32, n)], share[QuantizationPlan.Result(fp32, n)] - Given(fp32, n, share)))
            .OrderByDescending(c => c.AddedNoise).ThenBy(c => c.Layer, StringComparer.Ordinal)];
    }

    // The noise that reached the layer: that of the nearest measured values before it, the worst of them.
    private static double Given(Graph graph, Node node, Dictionary<string, double> share)
    {
        double worst = 0;
        var pending = new Stack<string>(QuantizationPlan.DataInputs(node));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (pending.TryPop(out string? value))
        {
            if (!seen.Add(value)) continue;
            if (share.TryGetValue(value, out double found)) worst = Math.Max(worst, found);
            else if (graph.Nodes.Find(n => n.Outputs.Contains(value)) is { } maker) foreach (string input in QuantizationPlan.DataInputs(maker)) pending.Push(input);
        }

        return worst;
    }
}

/// <summary>What one layer does to a network's precision.</summary>
/// <param name="Layer">Node name.</param>
/// <param name="Noise">Noise power over signal power at the layer's output, everything before it included.</param>
/// <param name="AddedNoise">The part that is not in its inputs already; negative where the layer averages noise away.</param>
internal sealed record LayerCost(string Layer, double Noise, double AddedNoise)
{
    /// <summary>SQNR at the layer's output, in decibels; infinite when nothing differs.</summary>
    public double SqnrDb => -10 * Math.Log10(Noise);
}
