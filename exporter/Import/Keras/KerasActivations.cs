using System.Text.Json;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.Keras;

/// <summary>Functions of each element, and Softmax; as layers and as the activation that another layer ends in.</summary>
internal static class KerasActivations
{
    /// <summary>A layer that does nothing at inference.</summary>
    public static ChannelsLastValue Nothing(KerasCall call) => call.Input;

    /// <summary>The layer of one function.</summary>
    public static ChannelsLastValue Activation(KerasCall call) => Apply(call, call.Name, call.Input);

    /// <summary>max(x, 0), perhaps bounded above.</summary>
    public static ChannelsLastValue Relu(KerasCall call)
    {
        if (call.Number("negative_slope") is not (null or 0) || call.Number("threshold") is not (null or 0))
            throw call.Fail("has a slope or a threshold, which is not supported");
        return call.Number("max_value") is { } largest
            ? call.Builder.Clip(call.Name, call.Input, 0, (float)largest)
            : call.Builder.Elementwise(OpTypes.Relu, call.Name, call.Input);
    }

    /// <summary>Over the last axis.</summary>
    public static ChannelsLastValue Softmax(KerasCall call)
    {
        if (call.Ints("axis", 1, -1)[0] is var axis && axis != -1 && axis != call.Input.Shape.Rank - 1)
            throw call.Fail($"has axis {axis}; the last one is supported");
        return call.Builder.Softmax(call.Name, call.Input);
    }

    /// <summary>x · scale + offset.</summary>
    public static ChannelsLastValue Rescaling(KerasCall call)
    {
        if (call.Number("scale") is not { } scale) throw call.Fail("has a scale per channel, which is not supported");
        double offset =
            call.Number("offset") ?? (call.Get("offset") is null ? 0 : throw call.Fail("has an offset per channel, which is not supported"));
        var builder = call.Builder;
        var scaled = builder.Node(
            OpTypes.Mul, call.Name, call.Input.Shape, [call.Input.Name, builder.Constant($"{call.Name}.scale", Tensor.Scalar((float)scale))]);
        return offset == 0 ? scaled : builder.Node(
            OpTypes.Add, $"{call.Name}_offset", scaled.Shape, [scaled.Name, builder.Constant($"{call.Name}.offset", Tensor.Scalar((float)offset))]);
    }

    /// <summary>What a layer ends in, by its setting <c>activation</c>.</summary>
    public static ChannelsLastValue Apply(KerasCall call, string name, ChannelsLastValue x)
    {
        if (call.Get("activation") is { ValueKind: not (JsonValueKind.String or JsonValueKind.Null) })
            throw call.Fail("ends in a custom activation, which is not supported");
        string function = call.Text("activation", "linear");
        return function switch
        {
            "linear" => x,
            "relu" => call.Builder.Elementwise(OpTypes.Relu, name, x),
            "relu6" => call.Builder.Clip(name, x, 0, 6),
            "sigmoid" => call.Builder.Elementwise(OpTypes.Sigmoid, name, x),
            "softmax" => call.Builder.Softmax(name, x),
            _ => throw call.Fail(
                $"ends in the activation {Checkpoints.FileText.Quote(function)}; linear, relu, relu6, sigmoid and softmax are supported"),
        };
    }
}
