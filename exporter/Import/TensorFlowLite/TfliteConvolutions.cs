using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>Layers with weights.</summary>
internal static class TfliteConvolutions
{
    // The bias of a quantised layer counts in steps of input scale · weight scale, whatever its own
    // scale field says; a file where they differ by more is wrong.
    private const double MaxBiasScaleError = 1e-4;

    /// <summary>Weights [M][kH][kW][C].</summary>
    public static void Conv(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Input(op, 0);
        var weights = Weights(converter, op, 1, 4);
        var options = Options(converter, op);
        int inputs = weights.Shape[3], filters = weights.Shape[0];
        int channels = x.Shape.Rank == 4 ? x.Shape[3] : 0;
        if (channels % inputs != 0 || channels == 0 || filters % (channels / inputs) != 0)
            throw converter.Fail(op, $"has weights of shape {weights.Shape} for an input of shape {x.Shape}");
        var window = new ChannelsLastWindow(weights.Shape[1], weights.Shape[2], options.Int32(2, 0), options.Int32(1, 0), options.Int32(5, 1),
            options.Int32(4, 1), options.Byte(0) == 0);
        Slide(converter, op, weights, filters, [0, 3, 1, 2], window, channels / inputs, options.Byte(3));
    }

    /// <summary>Weights [1][kH][kW][C · multiplier].</summary>
    public static void Depthwise(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Input(op, 0);
        var weights = Weights(converter, op, 1, 4);
        var options = Options(converter, op);
        int filters = weights.Shape[3], channels = x.Shape.Rank == 4 ? x.Shape[3] : 0;
        if (weights.Shape[0] != 1 || channels == 0 || filters % channels != 0)
            throw converter.Fail(op, $"has weights of shape {weights.Shape} for an input of shape {x.Shape}");
        var window = new ChannelsLastWindow(weights.Shape[1], weights.Shape[2], options.Int32(2, 0), options.Int32(1, 0), options.Int32(6, 1),
            options.Int32(5, 1), options.Byte(0) == 0);
        Slide(converter, op, weights, filters, [3, 0, 1, 2], window, channels, options.Byte(4));
    }

    /// <summary>Weights [M][K]; the input's elements are taken K at a time.</summary>
    public static void FullyConnected(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Input(op, 0);
        var weights = converter.Input(op, 1); // computed where it is a product of two activations, as in attention
        if (weights.Constant is not null || weights.Type != ElementType.Float32) weights = Weights(converter, op, 1, 2);
        if (weights.Shape.Rank != 2) throw converter.Fail(op, $"has weights of shape {weights.Shape}; 2 axes are supported");
        var options = Options(converter, op);
        if (options.Byte(1) != 0) throw converter.Fail(op, $"has weights in the shuffled format {options.Byte(1)}, which is not supported");
        int outputs = weights.Shape[0], width = weights.Shape[1];
        if (x.Shape.ElementCount % width != 0) throw converter.Fail(op, $"has weights of shape {weights.Shape} for an input of shape {x.Shape}");
        string name = converter.Output(op).LayerName;
        var builder = converter.Builder;
        var rows = builder.Reshape($"{name}_rows", converter.Load(op, x), new Shape(x.Shape.ElementCount / width, width));
        var (w, bias) = weights.Constant is null
            ? (converter.Load(op, weights).Name, FloatBias(converter, op, name, Bias(converter, op, 2, outputs)))
            : Parameters(converter, op, x, weights, 2, outputs, [0, 1]);
        var y = builder.Dense(name, rows, w, outputs, bias, isTransposed: true);
        y = TfliteActivations.Fused(converter, op, options.Byte(0), name, y);
        converter.Store(op, builder.Reshape($"{name}_shaped", y, converter.Output(op).Shape));
    }

    private static void Slide(
        TfliteConverter converter, TfliteOperator op, TfliteTensor weights, int filters, int[] order, ChannelsLastWindow window, int groups,
        byte activation)
    {
        string name = converter.Output(op).LayerName;
        var x = converter.Load(op, converter.Input(op, 0));
        var (w, bias) = Parameters(converter, op, converter.Input(op, 0), weights, 2, filters, order);
        var y = converter.Builder.Conv(name, x, w, filters, bias, window, groups);
        converter.Store(op, TfliteActivations.Fused(converter, op, activation, name, y));
    }

    // Weights and bias as float values of the graph. Axis i of the graph's weights is axis order[i] of the file's.
    internal static (string Weights, string? Bias) Parameters(
        TfliteConverter converter, TfliteOperator op, TfliteTensor x, TfliteTensor weights, int biasInput, int outputs, int[] order)
    {
        var builder = converter.Builder;
        string name = converter.Output(op).LayerName;
        var bias = Bias(converter, op, biasInput, outputs);
        var values = TensorTranspose.Apply(weights.Constant!, order);
        if (!weights.IsQuantized)
        {
            if (weights.Type is not (ElementType.Float32 or ElementType.Float16))
                throw converter.Fail(op, $"has weights of type {weights.Type}; float, int8 and uint8 are supported");
            return (builder.Constant($"{name}.weight", converter.Finite(weights, values)), FloatBias(converter, op, name, bias));
        }

        var quantization = weights.Quantization!;
        int axis = Array.IndexOf(order, quantization.Axis);
        if (!x.IsQuantized)
            return (builder.Constant($"{name}.weight", Dequantized(values, quantization, axis)), FloatBias(converter, op, name, bias));
        string w = QuantizedConstant(builder, $"{name}.weight", values, quantization.ScaleTensor, quantization.ZeroPointTensor(weights.Type), axis);
        if (bias is null) return (w, null);
        if (bias.Type != ElementType.Int32)
            throw converter.Fail(op, $"has the bias {bias} of type {bias.Type} beside quantised weights; int32 is supported");
        return (w, QuantizedConstant(builder, $"{name}.bias", bias.Constant!, BiasScales(converter, op, x, quantization, bias, outputs),
            Tensor.Vector<int>(new int[outputs]), 0));
    }

    private static Tensor BiasScales(
        TfliteConverter converter, TfliteOperator op, TfliteTensor x, TfliteQuantization weights, TfliteTensor bias, int outputs)
    {
        float[] scales = [.. Enumerable.Range(0, outputs)
            .Select(i => x.Quantization!.Scales[0] * weights.Scales[weights.Scales.Length == 1 ? 0 : i])];
        float[] stated = bias.Quantization?.Scales ?? [];
        for (int i = 0; i < scales.Length && stated.Length is var n and > 0; i++)
        {
            float other = stated[n == 1 ? 0 : i];
            if (!(scales[i] > 0 && Math.Abs(other - scales[i]) <= MaxBiasScaleError * scales[i]))
                throw converter.Fail(op, $"has a bias of scale {other} at output {i}, where input and weights give {scales[i]}; "
                    + "the file is damaged or was converted incorrectly");
        }

        return Tensor.Vector<float>(scales);
    }

    // Weights kept in 8 bits beside float activations (dynamic range quantisation) are floats here.
    internal static Tensor Dequantized(Tensor values, TfliteQuantization quantization, int axis)
    {
        long[] integers = values.ToInt64s();
        float[] result = new float[integers.Length];
        int inner = 1, count = quantization.Scales.Length;
        for (int d = axis + 1; d < values.Shape.Rank; d++) inner *= values.Shape[d];
        for (int i = 0; i < result.Length; i++)
        {
            int channel = count == 1 ? 0 : i / inner % count;
            result[i] = (integers[i] - quantization.ZeroPoints[channel]) * quantization.Scales[channel];
        }

        return Tensor.From<float>(values.Shape, result);
    }

    private static string QuantizedConstant(
        ChannelsLastBuilder builder, string name, Tensor values, Tensor scale, Tensor zeroPoint, int axis) => builder.Node(
            OpTypes.DequantizeLinear, $"{name}_dequantized", values.Shape,
            [builder.Constant($"{name}_quantized", values), builder.Constant($"{name}_scale", scale),
                builder.Constant($"{name}_zero_point", zeroPoint)], ("axis", (long)Math.Max(0, axis))).Name;

    private static TfliteTensor? Bias(TfliteConverter converter, TfliteOperator op, int input, int outputs)
    {
        if (converter.Optional(op, input) is not { } tensor) return null;
        var bias = converter.Constant(op, tensor);
        return bias.Shape == new Shape(outputs) ? bias
            : throw converter.Fail(op, $"has the bias {bias} of shape {bias.Shape}, where {outputs} numbers are expected");
    }

    private static string? FloatBias(TfliteConverter converter, TfliteOperator op, string name, TfliteTensor? bias) =>
        bias is null ? null
        : bias.Constant is { Type: ElementType.Float32 or ElementType.Float16 } constant ? converter.Builder.Constant(
            $"{name}.bias", converter.Finite(bias, constant))
        : throw converter.Fail(op, $"has the bias {bias} of type {bias.Type}; float is supported here");

    /// <summary>The constant weights of an operator.</summary>
    /// <exception cref="EdgeException">Exit 3: they are computed or have another rank.</exception>
    internal static TfliteTensor Weights(TfliteConverter converter, TfliteOperator op, int input, int rank)
    {
        var weights = converter.Constant(op, converter.Input(op, input));
        return weights.Shape.Rank == rank ? weights : throw converter.Fail(op, $"has weights of shape {weights.Shape}; {rank} axes are supported");
    }

    private static FlatTable Options(TfliteConverter converter, TfliteOperator op) =>
        op.Options ?? throw converter.Fail(op, "has no options; the file is damaged");
}
