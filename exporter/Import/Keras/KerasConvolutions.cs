using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.Keras;

/// <summary>Layers with weights.</summary>
internal static class KerasConvolutions
{
    private const double DefaultEpsilon = 1e-3;

    /// <summary>Kernel [kH][kW][C/groups][M].</summary>
    public static ChannelsLastValue Conv2D(KerasCall call)
    {
        var kernel = call.Weight("kernel", 4);
        int channels = ChannelsOf(call), inputs = kernel.Shape[2], filters = kernel.Shape[3];
        if (inputs == 0 || channels % inputs != 0 || filters % Math.Max(1, channels / inputs) != 0)
            throw call.Fail($"has a kernel of shape {kernel.Shape} for an input of shape {call.Input.Shape}");
        return Slide(call, TensorTranspose.Apply(kernel, 3, 2, 0, 1), channels / inputs);
    }

    /// <summary>Kernel [kH][kW][C][multiplier].</summary>
    public static ChannelsLastValue DepthwiseConv2D(KerasCall call) =>
        Slide(call, Depthwise(call, call.OptionalWeight("depthwise_kernel", 4) ?? call.Weight("kernel", 4)), ChannelsOf(call)); // Keras 3: kernel

    /// <summary>A depthwise convolution and a pointwise one.</summary>
    public static ChannelsLastValue SeparableConv2D(KerasCall call)
    {
        var depthwise = Depthwise(call, call.Weight("depthwise_kernel", 4));
        var pointwise = TensorTranspose.Apply(call.Weight("pointwise_kernel", 4), 3, 2, 0, 1);
        var builder = call.Builder;
        var between = builder.Conv(
            $"{call.Name}_depthwise", call.Input, builder.Constant($"{call.Name}.depthwise_kernel", depthwise), depthwise.Shape[0], null,
            call.Window([depthwise.Shape[2], depthwise.Shape[3]]), ChannelsOf(call));
        if (pointwise.Shape[1] != depthwise.Shape[0])
            throw call.Fail($"has a pointwise kernel for {pointwise.Shape[1]} channels after {depthwise.Shape[0]}");
        var y = builder.Conv(
            call.Name, between, builder.Constant($"{call.Name}.pointwise_kernel", pointwise), pointwise.Shape[0], Bias(call, pointwise.Shape[0]),
            new(1, 1, 1, 1, 1, 1, IsSame: false), 1);
        return KerasActivations.Apply(call, $"{call.Name}_activation", y);
    }

    /// <summary>Kernel [K][M]; over the last axis of a matrix.</summary>
    public static ChannelsLastValue Dense(KerasCall call)
    {
        var kernel = call.Weight("kernel", 2);
        if (call.Input.Shape.Rank != 2 || call.Input.Shape[1] != kernel.Shape[0])
            throw call.Fail($"has a kernel of shape {kernel.Shape} for an input of shape {call.Input.Shape}; flatten it first");
        var y = call.Builder.Dense(call.Name, call.Input, call.Builder.Constant($"{call.Name}.kernel", kernel), kernel.Shape[1],
            Bias(call, kernel.Shape[1]), isTransposed: false);
        return KerasActivations.Apply(call, $"{call.Name}_activation", y);
    }

    /// <summary>Over the last axis; gamma and beta may be left out.</summary>
    public static ChannelsLastValue BatchNormalization(KerasCall call)
    {
        int rank = call.Input.Shape.Rank, axis = call.Ints("axis", 1, -1)[0];
        if (axis != -1 && axis != rank - 1) throw call.Fail($"has axis {axis}; the last one, of the channels, is supported");
        var mean = call.Weight("moving_mean", 1);
        var one = Tensor.Vector<float>([.. Enumerable.Repeat(1f, mean.Shape[0])]);
        var zero = Tensor.Vector<float>(new float[mean.Shape[0]]);
        var gamma = call.Bool("scale", true) ? call.Weight("gamma", 1) : one;
        var beta = call.Bool("center", true) ? call.Weight("beta", 1) : zero;
        return call.Builder.BatchNorm(
            call.Name, call.Input, gamma, beta, mean, call.Weight("moving_variance", 1), (float)(call.Number("epsilon") ?? DefaultEpsilon));
    }

    private static Tensor Depthwise(KerasCall call, Tensor kernel)
    {
        int channels = ChannelsOf(call);
        if (kernel.Shape[2] != channels) throw call.Fail($"has a kernel of shape {kernel.Shape} for an input of shape {call.Input.Shape}");
        return TensorTranspose.Apply(kernel, 2, 3, 0, 1).Reshape(new Shape(channels * kernel.Shape[3], 1, kernel.Shape[0], kernel.Shape[1]));
    }

    private static ChannelsLastValue Slide(KerasCall call, Tensor weights, int groups)
    {
        int filters = weights.Shape[0];
        var y = call.Builder.Conv(call.Name, call.Input, call.Builder.Constant($"{call.Name}.kernel", weights), filters, Bias(call, filters),
            call.Window([weights.Shape[2], weights.Shape[3]]), groups);
        return KerasActivations.Apply(call, $"{call.Name}_activation", y);
    }

    private static string? Bias(KerasCall call, int outputs)
    {
        if (!call.Bool("use_bias", true)) return null;
        var bias = call.Weight("bias", 1);
        return bias.Shape[0] == outputs
            ? call.Builder.Constant($"{call.Name}.bias", bias)
            : throw call.Fail($"has {bias.Shape[0]} biases for {outputs} outputs");
    }

    private static int ChannelsOf(KerasCall call) =>
        call.Input.IsPicture ? call.Input.Shape[3] : throw call.Fail($"takes a picture, but its input has shape {call.Input.Shape}");
}
