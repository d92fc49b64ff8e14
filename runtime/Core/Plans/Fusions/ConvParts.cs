using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>A convolution or matrix product taken apart: geometry, where input and constants come from, and in which arithmetic it can run.</summary>
/// <param name="Node">The node.</param>
/// <param name="Shape">Geometry; a matrix product is a 1×1 convolution over its rows.</param>
/// <param name="Input">Value name of the activation.</param>
/// <param name="Weights">Value name of the weights.</param>
/// <param name="Bias">Value name of the bias; empty when none.</param>
/// <param name="OutputAxis">Axis of the weights along which output channels lie; 1 for weights that must be transposed.</param>
internal sealed record ConvParts(Node Node, ConvShape Shape, string Input, string Weights, string Bias, int OutputAxis)
{
    /// <summary>Whether it is a matrix product.</summary>
    public bool IsProduct => Node.OpType != OpTypes.Conv;

    /// <summary>Whether it can run in int8: quantised input, symmetric s8 weights with a scale per tensor or output channel, constant bias.</summary>
    public bool IsInt8(PlanBuilder plan) => plan.View(Input) is not null
        && plan.Views.Constant(Weights) is { IsSymmetric: true } weights && weights.ScalesPerChannel(OutputAxis, Shape.OutputChannels) is not null;

    /// <summary>Weights as [output][group input][kernel height][kernel width].</summary>
    public ReadOnlyMemory<T> Arrange<T>(ReadOnlyMemory<T> weights)
    {
        if (OutputAxis == 0) return weights;
        int n = Shape.OutputChannels, k = Shape.InputChannels;
        var from = weights.Span;
        var to = new T[weights.Length];
        for (int i = 0; i < k; i++)
            for (int o = 0; o < n; o++) to[o * k + i] = from[i * n + o];
        return to;
    }

    /// <summary>Float weights, dequantised if need be.</summary>
    public ReadOnlyMemory<float> FloatWeights(PlanBuilder plan) =>
        Arrange(plan.Views.Constant(Weights) is { } quantized ? quantized.Dequantize() : plan.Graph.Initializers[Weights].MemoryAs<float>());

    /// <summary>Float bias, dequantised if need be; zeros when there is none.</summary>
    public float[] FloatBias(PlanBuilder plan) => Bias.Length == 0 ? new float[Shape.OutputChannels]
        : plan.Views.Constant(Bias)?.Dequantize() ?? plan.Graph.Initializers[Bias].ToFloats();

    /// <summary>The bias in steps of input scale times weight scale: as stored when it was quantised so, else rounded to it.</summary>
    public int[] Int32Bias(PlanBuilder plan, float inputScale, float[] weightScales)
    {
        if (plan.Views.Constant(Bias) is { Values.Type: ElementType.Int32 } stored && stored.ScalesPerChannel(0, weightScales.Length) is { } scales
            && (stored.ZeroPoint?.ToInt64s().All(z => z == 0) ?? true))
        {
            bool fits = true;
            for (int i = 0; i < scales.Length; i++)
            {
                float expected = inputScale * weightScales[i];
                fits &= Math.Abs(scales[i] - expected) <= 1e-5f * expected;
            }

            if (fits) return stored.Values.As<int>().ToArray();
        }

        var bias = FloatBias(plan);
        var result = new int[bias.Length];
        for (int i = 0; i < result.Length; i++)
        {
            double steps = Math.Round(bias[i] / ((double)inputScale * weightScales[i]), MidpointRounding.ToEven);
            result[i] = Math.Abs(steps) <= int.MaxValue ? (int)steps
                : throw EdgeException.BadInput(
                    $"{Node}: the bias of output channel {i}, {bias[i]}, is {steps:G3} steps of its scale, beyond 32 bits");
        }

        return result;
    }
}
