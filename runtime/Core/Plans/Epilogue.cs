using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Plans;

/// <summary>What follows a computed value and can be done while it is stored: an activation, then quantisation.</summary>
/// <param name="Output">The float value after the activation.</param>
/// <param name="Low">Lower clamp; -infinity when none.</param>
/// <param name="High">Upper clamp; +infinity when none.</param>
/// <param name="Quantized">Set when every reader of the output wants the same quantised form; its name is the first one's.</param>
/// <param name="Activation">The activation node, done with the step; null when none.</param>
internal sealed record Epilogue(string Output, float Low, float High, QuantizedView? Quantized, Node? Activation)
{
    /// <summary>For names of steps: <c>+Relu</c>, <c>+Clip</c>, or nothing.</summary>
    public string Suffix => Activation is null ? "" : "+" + Activation.OpType;

    /// <summary>What follows a value: an activation that clamps and is its only reader, then quantisation.</summary>
    public static Epilogue Of(string value, GraphIndex index, QuantizedViews views)
    {
        var (low, high) = (float.NegativeInfinity, float.PositiveInfinity);
        Node? activation = null;
        if (index.OnlyConsumer(value) is { } node)
        {
            var (least, most) = (Constant(index, node.Input(1)), Constant(index, node.Input(2)));
            if (node.Inputs[0] == value && OperatorTable.Of(node).Clamp(node, least, most) is { } clamp)
                ((low, high), activation) = (clamp, node);
            if (!(low <= high)) (low, high, activation) = (float.NegativeInfinity, float.PositiveInfinity, null);
        }

        string output = activation?.Output ?? value;
        return new Epilogue(output, low, high, views.Common(output), activation);
    }

    private static InputType? Constant(GraphIndex index, string name) => index.Constant(name) is { } c ? new InputType(c.Type, c.Shape, c) : null;
}
