using ResNetEdge.Exporter.Quantization.Pixels;
using ResNetEdge.Exporter.Quantization.Rounding;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>The integers of every int8 layer of a network.</summary>
internal static class LayerWeights
{
    /// <summary>Quantises weights and biases.</summary>
    /// <param name="graph">Float graph, channels equalised.</param>
    /// <param name="plan">Made from the same graph.</param>
    /// <param name="parameters">Scale and zero point by root of group.</param>
    /// <param name="pixels">The input that is quantised by channel, or null.</param>
    /// <param name="patches">What weights are multiplied with, by layer; null rounds each to the nearest.</param>
    /// <returns>By name of layer.</returns>
    /// <exception cref="EdgeException">Exit 3: a weight or bias that is NaN or infinite.</exception>
    public static Dictionary<string, QuantizedWeights> Quantize(
        Graph graph, QuantizationPlan plan, IReadOnlyDictionary<string, QuantizationParameters> parameters, PixelInput? pixels = null,
        IReadOnlyDictionary<string, LayerPatches>? patches = null)
    {
        var result = new Dictionary<string, QuantizedWeights>(StringComparer.Ordinal);
        foreach (var layer in graph.Nodes.Where(n => plan.Int8Nodes.Contains(n.Name) && plan.IsQuantized(n.Input(0))))
        {
            if (QuantizationPlan.WeightAxis(layer, graph) is not { } axis) continue;
            var (weights, bias) = (graph.Initializers[layer.Input(1)], layer.Input(2).Length == 0 ? null : graph.Initializers[layer.Input(2)]);
            bool readsPixels = pixels?.IsReadBy(layer) == true;
            if (readsPixels) (weights, bias) = pixels!.Convert(weights, bias);
            float scale = readsPixels ? pixels!.Parameters.Scale : parameters[plan.Root(layer.Input(0))].Scale;
            result.Add(layer.Name, WeightQuantizer.Quantize(layer.Name, weights, axis, bias, scale, patches?[layer.Name].Grams));
        }

        return result;
    }
}
