using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Sorting;

/// <summary>
/// The k largest or smallest elements along an axis and their indices, in order; of equal elements that with the lower index comes first. Where ONNX
/// leaves the order open (<c>sorted</c> = 0), it is the same.
/// </summary>
internal sealed class TopK : Operator
{
    public override string OpType => OpTypes.TopK;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Int("axis"), Int("k").Required()) { Outputs = 2, MinOutputs = 2 },
        new(10, 2, 2, Int("axis")) { Outputs = 2, MinOutputs = 2 },
        new(11, 2, 2, Int("axis"), Int("largest"), Int("sorted")) { Outputs = 2, MinOutputs = 2 },
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs) => Infer(node, inputs, []);

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs, ReadOnlySpan<OutputType?> declared)
    {
        InputType x = inputs.Required(node, 0), k = inputs.Required(node, 1);
        if (!x.Type.IsFloat() && !x.Type.IsInteger()) throw OperatorRules.Bad(node, $"input 0 is {x.Type}, which is not supported there");
        if (k.Type != ElementType.Int64 || k.Shape.ElementCount != 1)
            throw OperatorRules.Bad(node, $"its k is {k.Type}[{k.Shape}]; one number of Int64 is expected");
        if (node.Outputs.Count < 2 || node.Outputs[1].Length == 0) throw OperatorRules.Bad(node, "its second output has no name");
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), x.Shape.Rank);
        long count = k.Constant?.As<long>()[0] ?? Declared(x.Shape, axis, declared)
            ?? throw OperatorRules.Bad(node, "its k must be a constant, or the file must declare the shape of the output");
        if (count < 0 || count > x.Shape[axis]) throw OperatorRules.Bad(node, $"its k is {count}; axis {axis} has {x.Shape[axis]} elements");
        int[] shape = x.Shape.Dimensions.ToArray();
        shape[axis] = (int)count;
        var found = OperatorRules.ShapeOf(node, shape);
        return [new(x.Type, found), new(ElementType.Int64, found)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), x.Shape.Rank), inner = 1, count = x.Shape[axis], k = y.Shape[axis];
        if (inputs[1].Integer(0) != k) throw OperatorRules.Bad(node, $"its k is {inputs[1].Integer(0)}, but the file declares {k}");
        for (int d = axis + 1; d < x.Shape.Rank; d++) inner *= x.Shape[d];
        bool isLargest = node.Attributes.Int("largest", 1) != 0;
        var indices = outputs[1].As<long>();
        int lines = k == 0 ? 0 : y.Shape.ElementCount / k;
        for (int line = 0; line < lines; line++)
        {
            int from = line / inner * count * inner + line % inner, to = line / inner * k * inner + line % inner;
            new BestHeap(x, from, inner, indices[to..], isLargest).Fill(count, k);
            for (int i = 0; i < k; i++) Copy(x, from + (int)indices[to + i * inner] * inner, y, to + i * inner);
        }
    }

    private static void Copy(in TensorView x, int from, in TensorView y, int to)
    {
        int size = x.Type.Size();
        x.Bytes.Slice(from * size, size).CopyTo(y.Bytes[(to * size)..]);
    }

    private static long? Declared(Shape x, int axis, ReadOnlySpan<OutputType?> declared)
    {
        foreach (var output in declared)
            if (output is { } found && found.Shape.Rank == x.Rank) return found.Shape[axis];
        return null;
    }
}
