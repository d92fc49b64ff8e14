using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>Ones on the k-th diagonal of a matrix as large as the input, zeros elsewhere.</summary>
internal sealed class EyeLike : Operator
{
    public override string OpType => "EyeLike";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1, Int("dtype"), Int("k"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        if (x.Shape.Rank != 2) throw OperatorRules.Bad(node, $"its input has shape {x.Shape}; a matrix is expected");
        var type = (ElementType)node.Attributes.Int("dtype", (long)x.Type);
        if (!type.IsFloat() && !type.IsInteger() && type != ElementType.Bool) throw OperatorRules.Bad(node, $"type {type} is not supported");
        return [new(type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var y = outputs[0];
        y.Bytes.Clear();
        long k = node.Attributes.Int("k", 0);
        for (int row = 0; row < y.Shape[0]; row++)
            if (k >= -row && k < y.Shape[1] - row) y.Set(row * y.Shape[1] + (int)(row + k), 1.0);
    }
}
