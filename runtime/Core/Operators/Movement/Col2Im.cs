using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>
/// Adds up blocks of pixels, a column each, to the picture from which a window with strides, pads and dilations would have cut them.
/// </summary>
internal sealed class Col2Im : ShapedByValues
{
    public override string OpType => "Col2Im";

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(18, 3, 3, Ints("dilations"), Ints("pads"), Ints("strides"))];

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Required(node, 0), image = inputs.Required(node, 1), block = inputs.Required(node, 2);
        int rank = image.Shape.ElementCount;
        bool fits = x.Shape.Rank == 3 && block.Shape.ElementCount == rank && rank is > 0 and <= MaxRank - 2
            && (node.Attributes.Ints("dilations")?.Length ?? rank) == rank && (node.Attributes.Ints("strides")?.Length ?? rank) == rank
            && (node.Attributes.Ints("pads")?.Length ?? (2 * rank)) == 2 * rank;
        if (!fits)
            throw OperatorRules.Bad(node, $"columns of shape {x.Shape}, blocks of rank {block.Shape} and attributes for images of rank {rank}");
        foreach (string name in (ReadOnlySpan<string>)["dilations", "pads", "strides"])
            foreach (long v in node.Attributes.Ints(name) ?? [])
                if (v < (name == "pads" ? 0 : 1) || v > Shape.MaxElements) throw OperatorRules.Bad(node, $"{name} of {v}");
        return x.Type;
    }

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var (x, image, block) = (inputs[0].Shape, inputs[1], inputs[2]);
        int rank = image.Shape.ElementCount;
        long taps = 1, places = 1;
        for (int d = 0; d < rank; d++)
        {
            long size = shape[d + 2] = image.Integer(d), kernel = block.Integer(d);
            if (size is < 1 or > Shape.MaxElements || kernel is < 1 or > Shape.MaxElements)
                throw OperatorRules.Bad(node, $"blocks of {kernel} in an image of {size}");
            long[]? pads = node.Attributes.Ints("pads");
            long free = size + (pads?[d] ?? 0) + (pads?[d + rank] ?? 0) - (node.Attributes.Ints("dilations")?[d] ?? 1) * (kernel - 1) - 1;
            taps = Math.Min(taps * kernel, Shape.MaxElements);
            places = free < 0 ? 0 : Math.Min(places * (free / (node.Attributes.Ints("strides")?[d] ?? 1) + 1), Shape.MaxElements);
        }

        if (x[1] % taps != 0 || x[2] != places)
            throw OperatorRules.Bad(node, $"columns of shape {x} where {taps} pixels of {places} blocks are expected");
        (shape[0], shape[1]) = (x[0], x[1] / taps);
        return rank + 2;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (x, y) = (inputs[0], outputs[0]);
        int pixels = RowMajor.Product(y.Shape, 2, y.Shape.Rank), taps = x.Shape[1] / Math.Max(1, y.Shape[1]), columns = x.Shape[2];
        for (int plane = 0; plane < y.Shape[0] * y.Shape[1]; plane++)
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                double sum = 0;
                long exact = 0;
                for (int tap = 0; tap < taps; tap++)
                {
                    int column = Column(node, y.Shape, inputs[2], pixel, tap);
                    if (column < 0) continue;
                    int at = (plane * taps + tap) * columns + column;
                    if (y.Type.IsFloat()) sum += x.Number(at);
                    else exact = unchecked(exact + x.Integer(at));
                }

                if (y.Type.IsFloat()) y.Set(plane * pixels + pixel, sum);
                else y.Set(plane * pixels + pixel, exact);
            }
    }

    // The block in which a pixel is at that place; -1 when there is none.
    private static int Column(Node node, Shape y, TensorView block, int pixel, int tap)
    {
        int rank = y.Rank - 2, column = 0;
        long[]? pads = node.Attributes.Ints("pads"), strides = node.Attributes.Ints("strides"), dilations = node.Attributes.Ints("dilations");
        for (int d = rank - 1, stride = 1; d >= 0; d--)
        {
            int size = y[d + 2], kernel = (int)block.Integer(d);
            long step = strides?[d] ?? 1, dilation = dilations?[d] ?? 1, before = pads?[d] ?? 0, after = pads?[d + rank] ?? 0;
            long start = pixel % size + before - tap % kernel * dilation;
            long count = (size + before + after - dilation * (kernel - 1) - 1) / step + 1;
            if (start < 0 || start % step != 0 || start / step >= count) return -1;
            column += (int)(start / step) * stride;
            stride *= (int)count;
            pixel /= size;
            tap /= kernel;
        }

        return column;
    }
}
