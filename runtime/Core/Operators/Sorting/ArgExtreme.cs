using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Sorting;

/// <summary>
/// Where along an axis the largest or smallest element is; of equal ones the first, or with <c>select_last_index</c> the last. Not-a-number wins, as
/// in numpy.
/// </summary>
internal abstract class ArgExtreme : Operator
{
    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Int("axis"), Int("keepdims")),
        new(12, 1, 1, Int("axis"), Int("keepdims"), Int("select_last_index")),
    ];

    /// <summary>Whether the largest is wanted.</summary>
    protected abstract bool IsLargest { get; }

    public sealed override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        if (!x.Type.IsFloat() && !x.Type.IsInteger()) throw OperatorRules.Bad(node, $"input 0 is {x.Type}, which is not supported there");
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank);
        if (x.Shape[axis] == 0) throw OperatorRules.Bad(node, $"its input of shape {x.Shape} has no element along axis {axis}");
        int[] shape = x.Shape.Dimensions.ToArray();
        shape[axis] = 1;
        bool keeps = node.Attributes.Int("keepdims", 1) != 0;
        return [new(ElementType.Int64, OperatorRules.ShapeOf(node, keeps ? shape : [.. shape[..axis], .. shape[(axis + 1)..]]))];
    }

    public sealed override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var x = inputs[0];
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank), inner = 1, count = x.Shape[axis];
        for (int d = axis + 1; d < x.Shape.Rank; d++) inner *= x.Shape[d];
        bool takesLast = node.Attributes.Int("select_last_index", 0) != 0;
        var y = outputs[0].As<long>();
        for (int line = 0; line < y.Length; line++)
        {
            int first = line / inner * count * inner + line % inner, best = 0;
            for (int i = 1; i < count; i++)
            {
                int order = Order(x, first + i * inner, first + best * inner);
                if (order > 0 || (order == 0 && takesLast)) best = i;
            }

            y[line] = best;
        }
    }

    // Above 0 when a is preferred to b.
    private int Order(in TensorView x, int a, int b)
    {
        int order = ElementOrder.Compare(x, a, b);
        return IsLargest || (x.Type.IsFloat() && (double.IsNaN(x.Number(a)) || double.IsNaN(x.Number(b)))) ? order : -order;
    }
}
