using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.Keras;

/// <summary>Layers of several inputs.</summary>
internal static class KerasJoins
{
    /// <summary>Sum: the residual add.</summary>
    public static ChannelsLastValue Add(KerasCall call) => Fold(call, OpTypes.Add);

    /// <summary>Elementwise product of all inputs.</summary>
    public static ChannelsLastValue Multiply(KerasCall call) => Fold(call, OpTypes.Mul);

    /// <summary>Difference of two.</summary>
    public static ChannelsLastValue Subtract(KerasCall call) =>
        call.Inputs.Count == 2 ? Fold(call, OpTypes.Sub) : throw call.Fail($"has {call.Inputs.Count} inputs where it takes two");

    /// <summary>Side by side along an axis.</summary>
    public static ChannelsLastValue Concatenate(KerasCall call) => call.Builder.Concat(call.Name, call.Inputs, call.Ints("axis", 1, -1)[0]);

    private static ChannelsLastValue Fold(KerasCall call, string opType)
    {
        if (call.Inputs.Count < 2) throw call.Fail($"has {call.Inputs.Count} inputs where it takes two or more");
        var value = call.Inputs[0];
        for (int i = 1; i < call.Inputs.Count; i++)
            value = call.Builder.Binary(opType, i == call.Inputs.Count - 1 ? call.Name : $"{call.Name}_{i}", value, call.Inputs[i]);
        return value;
    }
}
