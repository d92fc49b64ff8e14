using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>
/// The different elements, or slices along an axis, sorted or in the order of their first appearance; where each was first, which one each element of
/// the input is, and how often each occurs.
/// </summary>
internal sealed class Unique : ShapedByValues
{
    public override string OpType => "Unique";

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(11, 1, 1, Int("axis"), Int("sorted")) { Outputs = 4 }];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs, ReadOnlySpan<OutputType?> declared)
    {
        var y = base.Infer(node, inputs, declared)[0];
        var items = Items(node, inputs[0]!.Shape);
        int axis = node.Attributes.Has("axis") ? OperatorRules.Axis(node, node.Attributes.Int("axis", 0), y.Shape.Rank) : 0;
        var found = new Shape(y.Shape[axis]);
        return [y, new(ElementType.Int64, found), new(ElementType.Int64, new Shape(items.Count)), new(ElementType.Int64, found)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (x, y) = (inputs[0], outputs[0]);
        SliceItems items = Items(node, x.Shape), found = Items(node, y.Shape);
        int count = 0;
        for (int i = 0; i < items.Count; i++)
        {
            int at = Find(node, x, items, i, y, found, count);
            if (at >= 0) continue;
            if (count == found.Count) throw OperatorRules.Bad(node, $"its input has more different elements than the {count} that the file declares");
            Insert(x, items, i, y, found, ~at, count++);
        }

        if (count != found.Count)
            throw OperatorRules.Bad(node, $"its input has {count} different elements, but the file declares {found.Count}");
        Describe(node, x, items, found, outputs);
    }

    protected override bool GivesShape(int input) => true;

    protected override bool MayGiveShape(int input, ElementType type) => type.IsFloat() || type.IsInteger() || type == ElementType.Bool;

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        if (node.Attributes.Has("axis")) OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank);
        return x.Type;
    }

    protected override bool CanBe(Node node, Shape declared, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs[0]!.Shape;
        if (!node.Attributes.Has("axis")) return declared.Rank == 1;
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Rank);
        bool fits = declared.Rank == x.Rank;
        for (int d = 0; fits && d < x.Rank; d++) fits = d == axis || declared[d] == x[d];
        return fits;
    }

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var x = inputs[0];
        var items = Items(node, x.Shape);
        int axis = node.Attributes.Has("axis") ? OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank) : -1, count = 0;
        for (int i = 0; i < items.Count; i++)
        {
            bool isFirst = true;
            for (int j = 0; isFirst && j < i; j++) isFirst = SliceItems.Compare(x, items, i, x, items, j) != 0;
            if (isFirst) count++;
        }

        for (int d = 0; axis >= 0 && d < x.Shape.Rank; d++) shape[d] = x.Shape[d];
        shape[Math.Max(0, axis)] = count;
        return axis < 0 ? 1 : x.Shape.Rank;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs) =>
        throw new InvalidOperationException("Evaluate computes while it counts");

    private static void Describe(Node node, TensorView x, SliceItems items, SliceItems found, ReadOnlySpan<TensorView> outputs)
    {
        var first = outputs.Length > 1 && outputs[1].IsPresent ? outputs[1].As<long>() : [];
        var inverse = outputs.Length > 2 && outputs[2].IsPresent ? outputs[2].As<long>() : [];
        var counts = outputs.Length > 3 && outputs[3].IsPresent ? outputs[3].As<long>() : [];
        first.Fill(-1);
        counts.Clear();
        for (int i = 0; i < items.Count; i++)
        {
            int at = Find(node, x, items, i, outputs[0], found, found.Count);
            if (at < first.Length && first[at] < 0) first[at] = i;
            if (i < inverse.Length) inverse[i] = at;
            if (at < counts.Length) counts[at]++;
        }
    }

    // Where an item is among those found so far; else the complement of the place where it belongs.
    private static int Find(Node node, TensorView x, SliceItems items, int item, TensorView y, SliceItems found, int count)
    {
        if (node.Attributes.Int("sorted", 1) == 0)
        {
            for (int i = 0; i < count; i++)
                if (SliceItems.Compare(x, items, item, y, found, i) == 0) return i;
            return ~count;
        }

        int low = 0, high = count;
        while (low < high)
        {
            int middle = (low + high) / 2, order = SliceItems.Compare(x, items, item, y, found, middle);
            if (order == 0) return middle;
            if (order < 0) high = middle;
            else low = middle + 1;
        }

        return ~low;
    }

    private static void Insert(TensorView x, SliceItems items, int item, TensorView y, SliceItems found, int at, int count)
    {
        int run = items.Inner * x.Type.Size();
        for (int o = 0; o < items.Outer; o++)
        {
            var part = y.Bytes.Slice(o * found.Count * run, found.Count * run);
            part[(at * run)..(count * run)].CopyTo(part[((at + 1) * run)..]);
            x.Bytes.Slice((o * items.Count + item) * run, run).CopyTo(part[(at * run)..]);
        }
    }

    private static SliceItems Items(Node node, Shape shape)
    {
        if (!node.Attributes.Has("axis")) return new(1, shape.ElementCount, 1);
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), shape.Rank);
        var (outer, inner) = RowMajor.Around(shape, axis);
        return new(outer, shape[axis], inner);
    }
}
