using ResNetEdge.Model;

namespace ResNetEdge.Plans;

/// <summary>What follows a computed value and can be done while it is stored: an activation, then quantisation.</summary>
/// <param name="Output">The float value after the activation.</param>
/// <param name="Low">Lower clamp; -infinity when none.</param>
/// <param name="High">Upper clamp; +infinity when none.</param>
/// <param name="Quantized">Set when every reader of the output wants the same quantised form; its name is the first one's.</param>
/// <param name="Activation">The activation node, done with the step; null when none.</param>
internal sealed record Tail(string Output, float Low, float High, QuantizedView? Quantized, Node? Activation)
{
    /// <summary>For names of steps: <c>+Relu</c>, <c>+Clip</c>, or nothing.</summary>
    public string Suffix => Activation is null ? "" : "+" + Activation.OpType;
}
