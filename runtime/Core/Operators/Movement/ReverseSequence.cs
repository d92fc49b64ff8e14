using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>Turns the first so many steps of each sequence of a batch round.</summary>
internal sealed class ReverseSequence : Operator
{
    public override string OpType => "ReverseSequence";

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Moved, Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(10, 2, 2, Int("batch_axis"), Int("time_axis"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Required(node, 0), lengths = inputs.Required(node, 1);
        if (x.Shape.Rank < 2) throw OperatorRules.Bad(node, $"its input has shape {x.Shape}; 2 dimensions or more are expected");
        long batch = node.Attributes.Int("batch_axis", 1), time = node.Attributes.Int("time_axis", 0);
        if (batch is not (0 or 1) || time != 1 - batch)
            throw OperatorRules.Bad(node, $"batch axis {batch} and time axis {time}; 0 and 1 are supported");
        if (lengths.Type != ElementType.Int64 || lengths.Shape != new Shape(x.Shape[(int)batch]))
            throw OperatorRules.Bad(node, $"lengths {lengths.Type}[{lengths.Shape}] for a batch of {x.Shape[(int)batch]}");
        return [new(x.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var x = inputs[0];
        int batch = (int)node.Attributes.Int("batch_axis", 1), time = 1 - batch, steps = x.Shape[time];
        int run = RowMajor.Product(x.Shape, 2, x.Shape.Rank) * x.Type.Size();
        for (int b = 0; b < x.Shape[batch]; b++)
        {
            long length = inputs[1].Integer(b);
            if (length < 0 || length > steps) throw OperatorRules.Bad(node, $"a sequence of length {length} of {steps} steps");
            for (int t = 0; t < steps; t++)
            {
                int from = t < length ? (int)length - 1 - t : t;
                x.Bytes.Slice(At(x.Shape, batch, b, from) * run, run).CopyTo(outputs[0].Bytes[(At(x.Shape, batch, b, t) * run)..]);
            }
        }
    }

    private static int At(Shape shape, int batchAxis, int batch, int time) => batchAxis == 0 ? batch * shape[1] + time : time * shape[1] + batch;
}
