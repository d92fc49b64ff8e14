using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>Nodes that read between elements.</summary>
internal static class ResamplingDrafts
{
    public static void AffineGrid(NodeDraft d)
    {
        int axes = d.Number(2, 3), batch = d.Number(1, 2);
        d.May("align_corners", (long)d.Number(0, 1));
        d.Feed(d.Values(ElementType.Float32, batch, axes, axes + 1));
        d.Know(Tensor.Vector<long>([batch, d.Number(1, 3), .. Enumerable.Range(0, axes).Select(_ => (long)d.Number(2, 5))]));
    }

    public static void GridSample(NodeDraft d)
    {
        int axes = d.Opset < 20 ? 2 : d.Number(2, 3), batch = d.Number(1, 2);
        d.May("align_corners", (long)d.Number(0, 1));
        d.May("padding_mode", d.Any("zeros", "border", "reflection"));
        d.May("mode", d.Opset < 20 ? d.Any("bilinear", "nearest", "bicubic")
            : axes == 3 ? d.Any("linear", "nearest") : d.Any("linear", "nearest", "cubic"));
        d.Feed(d.Values(ElementType.Float32, [batch, d.Number(1, 3), .. Sizes(d, axes, 2, 6)]));
        d.Give(d.Within(-1.3, 1.3, [batch, .. Sizes(d, axes, 1, 5), axes]));
    }

    public static void Resize(NodeDraft d)
    {
        int axes = d.Any(1, 2, 2, 3);
        string mode = d.Opset < 11 ? d.Any("nearest", "linear") : axes == 2 ? d.Any("nearest", "linear", "cubic") : d.Any("nearest", "linear");
        int[] shape = [d.Number(1, 2), d.Number(1, 5), .. Sizes(d, axes, 1, 7)];
        if (mode == "linear" && axes == 3) shape[1] = 1;
        d.Must("mode", mode);
        if (mode == "nearest") d.May("nearest_mode", d.Any("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"));
        string coordinates = d.Any("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel");
        d.May("coordinate_transformation_mode", coordinates);
        d.May("cubic_coeff_a", -0.5f);
        d.May("exclude_outside", mode == "cubic" ? d.Number(0, 1) : 0L);
        d.Feed(d.Values(ElementType.Float32, shape));
        var scales = Tensor.Vector<float>([1, 1, .. Enumerable.Range(0, axes).Select(_ => d.Any(1f, 2f, 3f, 0.5f, 1.5f))]);
        for (int i = 0; i < axes; i++)
            if (shape[i + 2] * scales.As<float>()[i + 2] < 1) { scales = Tensor.Vector<float>([1, 1, .. Enumerable.Repeat(2f, axes)]); break; }
        if (d.Opset < 11)
        {
            d.Know(scales);
            return;
        }

        d.Know(Tensor.From<float>(new Shape(0), []));
        // Of a size that is not whole ONNX Runtime aligns other corners than ONNX's own tests.
        if (coordinates != "align_corners" && d.Once(2)) d.Know(scales);
        else
        {
            if (d.Opset < 13) d.Know(Tensor.From<float>(new Shape(0), []));
            else d.Miss();
            d.Know(Tensor.Vector<long>([shape[0], shape[1], .. Enumerable.Range(0, axes).Select(_ => (long)d.Number(1, 9))]));
        }
    }

    public static void RoiAlign(NodeDraft d)
    {
        int batch = d.Number(1, 2), count = d.Number(1, 3);
        d.Must("output_height", (long)d.Number(1, 3));
        d.Must("output_width", (long)d.Number(1, 3));
        d.Must("sampling_ratio", (long)d.Number(1, 2));
        d.May("mode", d.Any("avg", "max"));
        d.May("coordinate_transformation_mode", d.Any("half_pixel", "output_half_pixel"));
        d.Feed(d.Values(ElementType.Float32, batch, d.Number(1, 3), 6, 7));
        d.Give(Tensor.From<float>(new Shape(count, 4), [.. Enumerable.Range(0, count).SelectMany(_ =>
            new[] { d.Parameter(0, 2), d.Parameter(0, 2), d.Parameter(3, 6), d.Parameter(3, 6) })]));
        d.Give(Tensor.From<long>(new Shape(count), [.. Enumerable.Range(0, count).Select(_ => (long)d.Number(0, batch - 1))]));
    }

    private static int[] Sizes(NodeDraft d, int count, int low, int high) => [.. Enumerable.Range(0, count).Select(_ => d.Number(low, high))];
}
