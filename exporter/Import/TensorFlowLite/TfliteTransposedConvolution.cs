using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>TRANSPOSE_CONV: each input pixel adds a weighted window to the output.</summary>
internal static class TfliteTransposedConvolution
{
    // Axes [M][kH][kW][C] of the file become ONNX's [C][M][kH][kW].
    private static readonly int[] Order = [3, 0, 1, 2];

    /// <summary>Inputs: the output's shape, weights [M][kH][kW][C], a picture, perhaps a bias.</summary>
    public static void Convert(TfliteConverter converter, TfliteOperator op)
    {
        var options = op.Options ?? throw converter.Fail(op, "has no options; the file is damaged");
        var x = converter.Input(op, 2);
        var weights = TfliteConvolutions.Weights(converter, op, 1, 4);
        var output = converter.Output(op);
        if (x.Shape.Rank != 4 || weights.Shape[3] != x.Shape[3] || output.Shape.Rank != 4 || output.Shape[3] != weights.Shape[0])
            throw converter.Fail(op, $"has weights of shape {weights.Shape} for an input of shape {x.Shape} and an output of shape {output.Shape}");
        var window = new ChannelsLastWindow(
            weights.Shape[1], weights.Shape[2], options.Int32(2, 0), options.Int32(1, 0), 1, 1, options.Byte(0) == 0);
        var (w, bias) = TfliteConvolutions.Parameters(converter, op, x, weights, 3, weights.Shape[0], Order);
        var y = converter.Builder.ConvTranspose(output.LayerName, converter.Load(op, x), w, bias, window, output.Shape);
        converter.Store(op, TfliteActivations.Fused(converter, op, options.Byte(3), output.LayerName, y));
    }
}
