using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>A tensor stored in the node itself.</summary>
internal sealed class Constant : Operator
{
    public override string OpType => OpTypes.Constant;

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Setting] };

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

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        // Numbers in attributes are copied from there: a tensor of them would be made for every run.
        if (node.Attributes["value_float"] is float number) outputs[0].As<float>()[0] = number;
        else if (node.Attributes["value_int"] is long integer) outputs[0].As<long>()[0] = integer;
        else if (node.Attributes.Floats("value_floats") is { } numbers) numbers.CopyTo(outputs[0].As<float>());
        else if (node.Attributes.Ints("value_ints") is { } integers) integers.CopyTo(outputs[0].As<long>());
        else Value(node).Bytes.Span.CopyTo(outputs[0].Bytes);
    }
}
