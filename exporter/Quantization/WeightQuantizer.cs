using ResNetEdge.Exporter.Quantization.Rounding;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>Float weights → s8, symmetric, one scale per output channel: q = roundToEven(w / scale), −127 .. 127, zero point 0.</summary>
/// <remarks>−128 is left out so that the range is symmetric and no product of u8 × s8 is larger one way than the other.</remarks>
internal static class WeightQuantizer
{
    /// <summary>Largest magnitude of a quantised weight.</summary>
    public const int Limit = 127;

    /// <summary>Largest magnitude of a quantised bias: leaves as much of int32 again for the sum of products.</summary>
    private const double BiasLimit = 1 << 30;

    /// <summary>Quantises one layer.</summary>
    /// <param name="layer">Name for messages.</param>
    /// <param name="weights">Float32, any rank; <paramref name="axis"/> is the output channel.</param>
    /// <param name="axis">0 for Conv and for Gemm with transB = 1; 1 for ConvTranspose and for Gemm with transB = 0.</param>
    /// <param name="bias">[channels] or null.</param>
    /// <param name="inputScale">Scale of the layer's input; bias steps are inputScale · weightScale[c] wide.</param>
    /// <param name="grams">What the weights are multiplied with, one for each group of output channels: then they are rounded together
    /// (<see cref="NearestPlane"/>) and the bias takes up what remains on average (bias correction). Null rounds each to the nearest.</param>
    /// <exception cref="EdgeException">Exit 3: a weight or bias that is NaN or infinite.</exception>
    public static QuantizedWeights Quantize(string layer, Tensor weights, int axis, Tensor? bias, float inputScale, GramMatrix[]? grams = null)
    {
        var shape = weights.Shape;
        var values = weights.As<float>();
        int channels = shape[axis], inner = 1;
        for (int i = axis + 1; i < shape.Rank; i++) inner *= shape[i];

        float[] biases = bias?.ToFloats() ?? new float[channels];
        float[] scales = Scales(layer, values, biases, channels, inner, inputScale);

        sbyte[] quantized = new sbyte[values.Length];
        double[] remainders = new double[channels]; // of the mean result, in steps of the bias
        if (grams is not null)
        {
            RoundTogether(values, scales, axis, inner, grams, quantized, remainders);
        }
        else
        {
            for (int i = 0; i < quantized.Length; i++)
                quantized[i] = (sbyte)Math.Clamp(MathF.Round(values[i] / scales[i / inner % channels]), -Limit, Limit);
        }

        float[] biasScales = new float[channels];
        int[] quantizedBias = new int[channels];
        for (int c = 0; c < channels; c++)
        {
            biasScales[c] = inputScale * scales[c];
            quantizedBias[c] = (int)Math.Clamp(Math.Round(biases[c] / (double)biasScales[c] + remainders[c]), -BiasLimit, BiasLimit);
        }

        return new(
            Tensor.From<sbyte>(shape, quantized), Tensor.Vector<float>(scales),
            bias is null && grams is null ? null : Tensor.Vector<int>(quantizedBias), Tensor.Vector<float>(biasScales));
    }

    private static void RoundTogether(
        ReadOnlySpan<float> weights, float[] scales, int axis, int inner, GramMatrix[] grams, Span<sbyte> quantized, double[] remainders)
    {
        int outputs = scales.Length, perGroup = outputs / grams.Length, length = grams[0].Length;
        // Where weight k of output o lies: [output][weight], or [input][output][tap] with k = input · taps + tap.
        int Place(int o, int k) => axis == 0 ? o * length + k : (k / inner * outputs + o) * inner + k % inner;
        for (int g = 0; g < grams.Length; g++)
        {
            for (int b = 0; b < grams[g].Blocks; b++)
            {
                int start = grams[g].Start(b);
                double[][] steps = new double[grams[g].Size(b)][];
                for (int k = 0; k < steps.Length; k++)
                {
                    steps[k] = new double[perGroup];
                    for (int o = 0; o < perGroup; o++)
                        steps[k][o] = weights[Place(g * perGroup + o, start + k)] / (double)scales[g * perGroup + o];
                }

                new NearestPlane(grams[g], b).Round(steps, perGroup, Limit);
                for (int k = 0; k < steps.Length; k++)
                {
                    for (int o = 0; o < perGroup; o++)
                    {
                        int at = Place(g * perGroup + o, start + k);
                        quantized[at] = (sbyte)steps[k][o];
                        remainders[g * perGroup + o] += (weights[at] / (double)scales[g * perGroup + o] - steps[k][o]) * grams[g].Mean(start + k);
                    }
                }
            }
        }
    }

    // A channel of zeros would get scale 0 and a channel of tiny weights a bias beyond int32: both
    // get the smallest scale that keeps the bias within BiasLimit.
    private static float[] Scales(string layer, ReadOnlySpan<float> weights, float[] biases, int channels, int inner, float inputScale)
    {
        float[] largest = new float[channels];
        for (int i = 0; i < weights.Length; i++)
        {
            int c = i / inner % channels;
            if (!float.IsFinite(weights[i])) throw NotFinite(layer, "weight", weights[i], c);
            largest[c] = Math.Max(largest[c], Math.Abs(weights[i]));
        }

        float[] scales = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            if (!float.IsFinite(biases[c])) throw NotFinite(layer, "bias", biases[c], c);
            float forBias = (float)(Math.Abs(biases[c]) / (inputScale * BiasLimit));
            scales[c] = Math.Max(Math.Max(largest[c] / Limit, forBias), QuantizationParameters.MinimumRange);
        }

        return scales;
    }

    private static EdgeException NotFinite(string layer, string what, float value, int channel) =>
        EdgeException.BadInput(
            $"layer '{layer}' has the {what} {value} in channel {channel}, which int8 cannot represent; train or convert the checkpoint again");
}

/// <summary>What <see cref="WeightQuantizer"/> makes of one layer.</summary>
/// <param name="Weights">s8, the shape of the float weights.</param>
/// <param name="Scales">[channels].</param>
/// <param name="Bias">s32 [channels], or null when the layer has none.</param>
/// <param name="BiasScales">[channels]; input scale · weight scale.</param>
internal sealed record QuantizedWeights(Tensor Weights, Tensor Scales, Tensor? Bias, Tensor BiasScales);
