using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>At inference the input, unchanged; the mask output is not supported.</summary>
internal sealed class Dropout : Reinterpret
{
    protected override Shape NewShape(Node node, Shape x, ReadOnlySpan<InputType?> inputs)
    {
        if (node.Outputs.Count > 1 && node.Outputs[1].Length > 0) throw OperatorRules.Bad(node, "the mask output is not supported");
        bool training = inputs.Optional(2) is { } mode && (mode.Constant is null || mode.Constant.ToInt64s().Contains(1));
        return training ? throw OperatorRules.Bad(node, "training mode is not supported") : x;
    }
}
