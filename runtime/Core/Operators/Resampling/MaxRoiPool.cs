using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Resampling;

/// <summary>
/// Pools regions of a picture, each to the same size, by the largest element of each bin of whole pixels: Girshick, arXiv:1504.08083. Regions are
/// [number of the picture, left, top, right, bottom], each end within.
/// </summary>
internal sealed class MaxRoiPool : Operator
{
    private const float Farthest = 1 << 24;

    public override string OpType => "MaxRoiPool";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 2, 2, Ints("pooled_shape").Required(), Float("spatial_scale"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.AnyFloat(node, 0), rois = inputs.Required(node, 1);
        if (x.Shape.Rank != 4 || rois.Shape.Rank != 2 || rois.Shape[1] != 5 || rois.Type != x.Type)
            throw OperatorRules.Bad(node, $"regions {rois.Type}[{rois.Shape}] of pictures {x.Type}[{x.Shape}]");
        if (node.Attributes.Ints("pooled_shape") is not [>= 1 and <= Shape.MaxElements and var height, >= 1 and <= Shape.MaxElements and var width])
            throw OperatorRules.Bad(node, "attribute pooled_shape is not two sizes of at least 1");
        return [new(x.Type, OperatorRules.ShapeOf(node, rois.Shape[0], x.Shape[1], (int)height, (int)width))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (x, rois, y) = (inputs[0], inputs[1], outputs[0]);
        int channels = y.Shape[1], height = y.Shape[2], width = y.Shape[3];
        for (int r = 0; r < y.Shape[0]; r++)
        {
            double batch = rois.Number(r * 5);
            if (!(batch >= 0 && batch < x.Shape[0])) throw OperatorRules.Bad(node, $"region {r} is of picture {batch} of {x.Shape[0]}");
            Side columns = SideOf(node, rois, r, 1, width, x.Shape[3]), rows = SideOf(node, rois, r, 2, height, x.Shape[2]);
            for (int c = 0; c < channels; c++)
                for (int i = 0; i < height * width; i++)
                    y.Set((r * channels + c) * height * width + i,
                        Largest(x, (int)batch * channels + c, rows.Bin(i / width), columns.Bin(i % width)));
        }
    }

    // A bin without pixels gives zero.
    private static double Largest(TensorView x, int plane, (int Start, int End) rows, (int Start, int End) columns)
    {
        if (rows.Start >= rows.End || columns.Start >= columns.End) return 0;
        double largest = double.NegativeInfinity;
        for (int row = rows.Start; row < rows.End; row++)
            for (int column = columns.Start; column < columns.End; column++)
                largest = Math.Max(largest, x.Number((plane * x.Shape[2] + row) * x.Shape[3] + column));
        return largest;
    }

    private static Side SideOf(Node node, TensorView rois, int roi, int first, int bins, int size)
    {
        float scale = node.Attributes.Float("spatial_scale", 1);
        double start = rois.Number(roi * 5 + first) * scale, end = rois.Number(roi * 5 + first + 2) * scale;
        if (!(Math.Abs(start) < Farthest && Math.Abs(end) < Farthest))
            throw OperatorRules.Bad(node, $"region {roi} reaches from {start} to {end}");
        int from = (int)Math.Round(start, MidpointRounding.AwayFromZero), to = (int)Math.Round(end, MidpointRounding.AwayFromZero);
        return new(from, (float)Math.Max(to - from + 1, 1) / bins, size);
    }

    /// <summary>A region along one axis of a picture; single precision decides where a bin ends, as in Caffe.</summary>
    private readonly record struct Side(int Start, float BinSize, int Size)
    {
        public (int Start, int End) Bin(int bin) => (
            Math.Clamp((int)MathF.Floor(bin * BinSize) + Start, 0, Size), Math.Clamp((int)MathF.Ceiling((bin + 1) * BinSize) + Start, 0, Size));
    }
}
