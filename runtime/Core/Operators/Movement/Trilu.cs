using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>The upper or lower triangle of each matrix in the last two dimensions, from its k-th diagonal on; zeros elsewhere.</summary>
internal sealed class Trilu : Operator
{
    public override string OpType => "Trilu";

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(14, 1, 2, Int("upper"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        if (x.Shape.Rank < 2) throw OperatorRules.Bad(node, $"its input has shape {x.Shape}; 2 dimensions or more are expected");
        if (inputs.Optional(1) is { } k && (k.Type != ElementType.Int64 || k.Shape.ElementCount != 1))
            throw OperatorRules.Bad(node, $"the diagonal is {k.Type}[{k.Shape}]; an Int64 scalar is expected");
        return [new(x.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        int rows = x.Shape[^2], columns = x.Shape[^1], size = x.Type.Size();
        long k = inputs.Length > 1 && inputs[1].IsPresent ? Math.Clamp(inputs[1].Integer(0), -Shape.MaxElements, Shape.MaxElements) : 0;
        bool isUpper = node.Attributes.Int("upper", 1) != 0;
        if (y.Shape.ElementCount == 0) return;
        for (int row = 0; row < y.Shape.ElementCount / columns; row++)
        {
            // The diagonal itself belongs to both triangles.
            int diagonal = (int)Math.Clamp(row % rows + k + (isUpper ? 0 : 1), 0, columns), from = row * columns * size;
            var read = x.Bytes.Slice(from, columns * size);
            var line = y.Bytes.Slice(from, columns * size);
            line.Clear();
            if (isUpper) read[(diagonal * size)..].CopyTo(line[(diagonal * size)..]);
            else read[..(diagonal * size)].CopyTo(line);
        }
    }
}
