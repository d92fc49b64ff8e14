using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators;

/// <summary>A tensor stored in the node itself.</summary>
internal sealed class Constant : Operator
{
    /// <summary>The stored tensor.</summary>
    /// <exception cref="EdgeException">Exit 3: none of the supported attributes is given.</exception>
    public static Tensor Value(Node node) =>
        node.Attributes["value"] as Tensor
        ?? node.Attributes["sparse_value"] as Tensor // the reader has filled in the zeros
        ?? node.Attributes["value_float"] switch { float f => Tensor.Scalar(f), _ => null }
        ?? node.Attributes["value_int"] switch { long i => Tensor.Scalar(i), _ => null }
        ?? node.Attributes["value_floats"] switch { float[] f => Tensor.Vector<float>(f), _ => null }
        ?? node.Attributes["value_ints"] switch { long[] i => Tensor.Vector<long>(i), _ => null }
        ?? throw OperatorRules.Bad(node, "it contains no tensor, number or list of numbers");

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 0, 0, AttributeRule.Value("value").Required()),
        new(11, 0, 0, AttributeRule.Value("value"), AttributeRule.Value("sparse_value")),
        new(12, 0, 0, AttributeRule.Value("value"), AttributeRule.Value("sparse_value"),
            Float("value_float"), Floats("value_floats"), Int("value_int"), Ints("value_ints")),
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var value = Value(node);
        return [new(value.Type, value.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs) =>
        Value(node).Bytes.Span.CopyTo(outputs[0].Bytes);
}
