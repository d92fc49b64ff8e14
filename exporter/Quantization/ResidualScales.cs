using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Gives both inputs and the result of a residual add one scale where theirs are close. Before: three scales s1, s2, s3. After: the largest of them for
/// all three; zero points follow.
/// </summary>
/// <remarks>
/// An engine that fuses the add into the convolution rounds once, one that follows the file literally rounds the branch first and the sum again. On one
/// grid the second rounding changes nothing and both give the same integers: round(b) + r = round(b + r) for an integer r. With unequal scales the
/// two drift apart by a step here and there, and every later layer multiplies that. Price: a scale may grow by <see cref="MaxGrowth"/>.
/// </remarks>
internal static class ResidualScales
{
    /// <summary>Most that a scale may grow. Measured on CIFAR ResNet-20, 32 and 56 with four sets of 250 calibration pictures each: at 4 the fused engine and
    /// ONNX Runtime name the same class on 99.4 to 99.9 % of 1,000 hard pictures, at 2 on 99.2 to 99.7 %; agreement with fp32 is up to 0.8 % lower at 4.</summary>
    public const double MaxGrowth = 4;

    /// <summary>Aligns scales along the shortcuts of a graph, block after block as far as they are close.</summary>
    /// <param name="graph">Float graph.</param>
    /// <param name="plan">Made from the same graph.</param>
    /// <param name="parameters">By root of group; not changed.</param>
    public static Dictionary<string, QuantizationParameters> Align(Graph graph, QuantizationPlan plan, IReadOnlyDictionary<string, QuantizationParameters> parameters)
    {
        var clusters = parameters.Keys.ToDictionary(root => root, root => new HashSet<string>(StringComparer.Ordinal) { root }, StringComparer.Ordinal);
        foreach (var add in graph.Nodes.Where(n => n.OpType == "Add"))
        {
            var values = add.Inputs.Append(QuantizationPlan.Result(graph, add)).ToList();
            if (!values.TrueForAll(plan.IsQuantized)) continue;
            var merged = values.SelectMany(value => clusters[plan.Root(value)]).ToHashSet(StringComparer.Ordinal);
            if (merged.Max(root => parameters[root].Scale) > MaxGrowth * merged.Min(root => parameters[root].Scale)) continue;
            foreach (string root in merged) clusters[root] = merged;
        }

        return parameters.ToDictionary(p => p.Key, p => WithScale(p.Value, clusters[p.Key].Max(root => parameters[root].Scale)), StringComparer.Ordinal);
    }

    // The range still fits: the scale only grows, and the zero point moves with it.
    private static QuantizationParameters WithScale(QuantizationParameters parameters, float scale) =>
        new(scale, (byte)Math.Round(parameters.ZeroPoint * (double)parameters.Scale / scale));
}
