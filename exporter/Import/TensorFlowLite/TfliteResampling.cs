using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>Pictures of another size.</summary>
internal static class TfliteResampling
{
    /// <summary>Mean of the four nearest pixels, weighted by their distance.</summary>
    public static void Bilinear(TfliteConverter converter, TfliteOperator op) =>
        Resize(converter, op, "linear", op.Options?.Bool(2) ?? false, op.Options?.Bool(3) ?? false);

    /// <summary>The nearest pixel.</summary>
    public static void NearestNeighbor(TfliteConverter converter, TfliteOperator op) =>
        Resize(converter, op, "nearest", op.Options?.Bool(0) ?? false, op.Options?.Bool(1) ?? false);

    /// <summary>Channels become blocks of pixels.</summary>
    public static void DepthToSpace(TfliteConverter converter, TfliteOperator op)
    {
        int block = Block(converter, op);
        var x = converter.Load(op, converter.Input(op, 0));
        if (x.Shape.Rank != 4 || x.Shape[3] % ((long)block * block) != 0)
            throw converter.Fail(op, $"makes blocks of {block}x{block} of an input of shape {x.Shape}");
        converter.Store(op, converter.Builder.Node(
            OpTypes.DepthToSpace, converter.Output(op).LayerName, converter.Output(op).Shape, [x.Name], ("blocksize", (long)block), ("mode", "DCR")));
    }

    /// <summary>Blocks of pixels become channels.</summary>
    public static void SpaceToDepth(TfliteConverter converter, TfliteOperator op)
    {
        int block = Block(converter, op);
        var x = converter.Load(op, converter.Input(op, 0));
        if (x.Shape.Rank != 4 || x.Shape[1] % block != 0 || x.Shape[2] % block != 0)
            throw converter.Fail(op, $"takes blocks of {block}x{block} of an input of shape {x.Shape}");
        converter.Store(op, converter.Builder.Node(
            OpTypes.SpaceToDepth, converter.Output(op).LayerName, converter.Output(op).Shape, [x.Name], ("blocksize", (long)block)));
    }

    private static void Resize(TfliteConverter converter, TfliteOperator op, string mode, bool alignsCorners, bool hasHalfPixelCenters)
    {
        if (alignsCorners && hasHalfPixelCenters) throw converter.Fail(op, "has both align_corners and half_pixel_centers; the file is damaged");
        if (converter.Integers(op, converter.Input(op, 1)) is not [>= 1 and <= int.MaxValue and var height, >= 1 and <= int.MaxValue and var width])
            throw converter.Fail(op, "has no size of two positive numbers");
        string places = alignsCorners ? "align_corners" : hasHalfPixelCenters ? "half_pixel" : "asymmetric";
        // TensorFlow rounds half up between corners and at pixel centres, and down otherwise.
        string rounding = places == "asymmetric" ? "floor" : "round_prefer_ceil";
        var x = converter.Load(op, converter.Input(op, 0));
        converter.Store(op, converter.Builder.Resize(converter.Output(op).LayerName, x, (int)height, (int)width, mode, places, rounding));
    }

    private static int Block(TfliteConverter converter, TfliteOperator op) =>
        op.Options?.Int32(0) is > 1 and <= ChannelsLastWindow.MaxSize and var block
            ? block
            : throw converter.Fail(op, $"has blocks of {op.Options?.Int32(0) ?? 0} pixels");
}
