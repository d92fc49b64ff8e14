using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Resampling;

/// <summary>Pools regions of a picture, each to the same size, from bilinear samples: He et al., arXiv:1703.06870.</summary>
internal sealed class RoiAlign : Operator
{
    public override string OpType => OpTypes.RoiAlign;

    private static readonly AttributeRule[] Pooling =
    [
        Text("mode").Only("avg", "max"), Int("output_height"), Int("output_width"), Int("sampling_ratio"), Float("spatial_scale"),
    ];

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(10, 3, 3, Pooling),
        new(16, 3, 3, [.. Pooling, Text("coordinate_transformation_mode").Only("half_pixel", "output_half_pixel")]),
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Required(node, 0), rois = inputs.Required(node, 1), batches = inputs.Required(node, 2);
        long height = node.Attributes.Int("output_height", 1), width = node.Attributes.Int("output_width", 1);
        if (x.Shape.Rank != 4 || rois.Shape.Rank != 2 || rois.Shape[1] != 4 || batches.Shape != new Shape(rois.Shape[0]))
            throw OperatorRules.Bad(node, $"regions of shape {rois.Shape} in pictures {batches.Shape} of {x.Shape}");
        if (!x.Type.IsFloat() || rois.Type != x.Type || batches.Type != ElementType.Int64)
            throw OperatorRules.Bad(node, $"regions of {rois.Type} in pictures {batches.Type} of {x.Type} are not supported");
        if (height is < 1 or > Shape.MaxElements || width is < 1 or > Shape.MaxElements || node.Attributes.Int("sampling_ratio", 0) is < 0 or > 1024)
            throw OperatorRules.Bad(node, $"an output of {height}x{width} and a sampling ratio of {node.Attributes.Int("sampling_ratio", 0)}");
        return [new(x.Type, OperatorRules.ShapeOf(node, rois.Shape[0], x.Shape[1], (int)height, (int)width))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (x, rois, y) = (inputs[0], inputs[1], outputs[0]);
        int height = y.Shape[2], width = y.Shape[3], channels = y.Shape[1];
        bool isMax = node.Attributes.String("mode", "avg") == "max";
        for (int r = 0; r < y.Shape[0]; r++)
        {
            long batch = inputs[2].Integer(r);
            if (batch < 0 || batch >= x.Shape[0]) throw OperatorRules.Bad(node, $"region {r} is of picture {batch} of {x.Shape[0]}");
            Side rows = SideOf(node, rois, r, 1, height, x.Shape[2]), columns = SideOf(node, rois, r, 0, width, x.Shape[3]);
            for (int c = 0; c < channels; c++)
                for (int i = 0; i < height * width; i++)
                    y.Set((r * channels + c) * height * width + i, Pool(x, (int)batch * channels + c, rows, i / width, columns, i % width, isMax));
        }
    }

    private static double Pool(TensorView x, int plane, Side rows, int row, Side columns, int column, bool isMax)
    {
        double sum = 0, max = double.NegativeInfinity;
        for (int i = 0; i < rows.Samples; i++)
            for (int k = 0; k < columns.Samples; k++)
            {
                double v = Sample(x, plane, rows.At(row, i), rows.Size, columns.At(column, k), columns.Size, isMax);
                sum += v;
                max = Math.Max(max, v);
            }

        // Regions without any sample give zero.
        int count = rows.Samples * columns.Samples;
        return count == 0 ? 0 : isMax ? max : sum / count;
    }

    // With "max" it is the greatest of the four weighted corners, as ONNX's reference and ONNX Runtime have it.
    private static double Sample(TensorView x, int plane, double y, int height, double at, int width, bool isMax)
    {
        if (!(y >= -1 && y <= height && at >= -1 && at <= width) || height == 0 || width == 0) return 0;
        var (top, bottom, down) = Corners(y, height);
        var (left, right, across) = Corners(at, width);
        int first = plane * height * width;
        double a = (1 - down) * (1 - across) * x.Number(first + top * width + left), b = (1 - down) * across * x.Number(first + top * width + right);
        double c = down * (1 - across) * x.Number(first + bottom * width + left), d = down * across * x.Number(first + bottom * width + right);
        return isMax ? Math.Max(Math.Max(a, b), Math.Max(c, d)) : a + b + c + d;
    }

    private static (int Low, int High, double Ratio) Corners(double at, int size)
    {
        at = Math.Max(at, 0);
        int low = (int)at;
        return low >= size - 1 ? (size - 1, size - 1, 0) : (low, low + 1, at - low);
    }

    private static Side SideOf(Node node, TensorView rois, int roi, int first, int bins, int size)
    {
        bool isHalfPixel = node.Attributes.String("coordinate_transformation_mode", "half_pixel") == "half_pixel";
        double scale = node.Attributes.Float("spatial_scale", 1), shift = isHalfPixel ? 0.5 : 0;
        double start = rois.Number(roi * 4 + first) * scale - shift, length = rois.Number(roi * 4 + first + 2) * scale - shift - start;
        if (!isHalfPixel) length = Math.Max(length, 1);
        if (!(Math.Abs(start) < 1 << 24 && Math.Abs(length) < 1 << 24))
            throw OperatorRules.Bad(node, $"region {roi} begins at {start} and is {length} long");
        long samples = node.Attributes.Int("sampling_ratio", 0);
        return new(start, length / bins, samples > 0 ? (int)samples : (int)Math.Max(0, Math.Ceiling(length / bins)), size);
    }

    /// <summary>A region along one axis.</summary>
    private readonly record struct Side(double Start, double Bin, int Samples, int Size)
    {
        public double At(int bin, int sample) => Start + bin * Bin + (sample + 0.5) * Bin / Samples;
    }
}
