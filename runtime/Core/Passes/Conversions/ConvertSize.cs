using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>The number of a value's elements: a constant, since here every shape is known.</summary>
internal sealed class ConvertSize : Conversion
{
    /// <summary>ONNX's name of it.</summary>
    public const string Operator = "Size";

    public override string OpType => Operator;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1)];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        ConvertShape.Give(node, values, Tensor.Scalar((long)values.Of(node, node.Inputs[0]).Shape.ElementCount));
        return true;
    }
}
