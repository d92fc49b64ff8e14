using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Sensitivity;

/// <summary>
/// A quantised network in which only some layers stay quantised. Before: every int8 layer reads DequantizeLinear's values and weights. After: the
/// chosen layers do, with the very scales and weights of the package; all others read the float values and have their float weights.
/// </summary>
internal static class PartialQuantization
{
    /// <summary>Makes the network.</summary>
    /// <param name="int8">As shipped; not changed.</param>
    /// <param name="fp32">What it was made from: nodes have the same names there; not changed.</param>
    /// <param name="keep">Names of the nodes that stay quantised.</param>
    public static Graph Keep(Graph int8, Graph fp32, IReadOnlySet<string> keep)
    {
        var result = int8.Clone();
        var makers = result.Nodes.SelectMany(n => n.Outputs.Select(o => (o, n))).Where(p => p.o.Length > 0)
            .ToDictionary(p => p.o, p => p.n, StringComparer.Ordinal);
        var originals = fp32.Nodes.ToDictionary(n => n.Name, StringComparer.Ordinal);
        foreach (var node in result.Nodes.Where(n => !OperatorTable.TraitsOf(n).IsQuantization && !keep.Contains(n.Name)))
        {
            originals.TryGetValue(node.Name, out var original);
            for (int i = 0; i < node.Inputs.Count; i++) node.Inputs[i] = Float(node.Inputs[i], original is null ? null : original.Input(i));
        }

        new EliminateDeadNodes().Run(result);
        return result;

        // The float value behind a quantised one, which may have been requantised on its way; or the float constant that became an integer one.
        string Float(string value, string? original)
        {
            while (makers.TryGetValue(value, out var dequantize) && dequantize.OpType == OpTypes.DequantizeLinear)
            {
                if (makers.TryGetValue(dequantize.Inputs[0], out var quantize))
                {
                    if (quantize.OpType != OpTypes.QuantizeLinear) return value;
                    value = quantize.Inputs[0];
                }
                else if (original is "")
                {
                    return ""; // a bias that only the quantised layer has
                }
                else if (original is not null && fp32.Constant(original) is { } constant)
                {
                    result.Initializers[original + "_float"] = constant;
                    return original + "_float";
                }
                else
                {
                    return value;
                }
            }

            return value;
        }
    }

    /// <summary>The layers of a quantised network that compute on quantised values or weights, in the graph's order.</summary>
    public static IEnumerable<Node> Layers(Graph int8)
    {
        var dequantized = int8.Nodes.Where(n => n.OpType == OpTypes.DequantizeLinear).Select(n => n.Output).ToHashSet(StringComparer.Ordinal);
        return int8.Nodes.Where(n => OperatorTable.TraitsOf(n) is { HasInt8Form: true } or { IsWeighted: true } && n.Inputs.Any(dequantized.Contains));
    }
}
