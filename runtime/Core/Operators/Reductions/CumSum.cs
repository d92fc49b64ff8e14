using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Reductions;

/// <summary>
/// Sums of all elements up to each along an axis, without it if <c>exclusive</c>, from the end if <c>reverse</c>. In double, rounded once.
/// </summary>
internal sealed class CumSum : Operator
{
    public override string OpType => "CumSum";

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(11, 2, 2, Int("exclusive"), Int("reverse"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Required(node, 0), axis = inputs.Required(node, 1);
        if (!x.Type.IsFloat() && x.Type is not (ElementType.Int32 or ElementType.Int64 or ElementType.UInt32 or ElementType.UInt64))
            throw OperatorRules.Bad(node, $"input 0 is {x.Type}, which is not supported there");
        if (axis.Type is not (ElementType.Int32 or ElementType.Int64) || axis.Shape.ElementCount != 1)
            throw OperatorRules.Bad(node, $"its axis is {axis.Type}[{axis.Shape}]; one integer is expected");
        if (axis.Constant is { } constant) _ = OperatorRules.Axis(node, constant.ToInt64s()[0], x.Shape.Rank);
        return [new(x.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        int axis = OperatorRules.Axis(node, inputs[1].Integer(0), x.Shape.Rank), inner = 1, count = x.Shape[axis];
        for (int d = axis + 1; d < x.Shape.Rank; d++) inner *= x.Shape[d];
        bool excludes = node.Attributes.Int("exclusive", 0) != 0, isReverse = node.Attributes.Int("reverse", 0) != 0;
        int lines = x.Shape.ElementCount / Math.Max(1, count), step = isReverse ? -inner : inner;
        for (int line = 0; line < lines; line++)
        {
            int first = line / inner * count * inner + line % inner + (isReverse ? (count - 1) * inner : 0);
            if (x.Type.IsFloat()) Sum(x, y, first, step, count, excludes);
            else SumIntegers(x, y, first, step, count, excludes);
        }
    }

    private static void Sum(in TensorView x, in TensorView y, int at, int step, int count, bool excludes)
    {
        double sum = 0;
        for (int i = 0; i < count; i++, at += step)
        {
            double before = sum;
            sum += x.Number(at);
            y.Set(at, excludes ? before : sum);
        }
    }

    private static void SumIntegers(in TensorView x, in TensorView y, int at, int step, int count, bool excludes)
    {
        long sum = 0;
        for (int i = 0; i < count; i++, at += step)
        {
            long before = sum;
            sum += x.Integer(at);
            y.Set(at, excludes ? before : sum);
        }
    }
}
