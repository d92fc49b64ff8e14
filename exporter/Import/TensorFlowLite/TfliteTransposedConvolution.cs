using System.Buffers.Binary;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>TRANSPOSE_CONV, and MediaPipe's custom operator for it: each input pixel adds a weighted window to the output.</summary>
internal static class TfliteTransposedConvolution
{
    // Axes [M][kH][kW][C] of the file become ONNX's [C][M][kH][kW].
    private static readonly int[] Order = [3, 0, 1, 2];

    /// <summary>Inputs: the output's shape, weights [M][kH][kW][C], a picture, perhaps a bias.</summary>
    public static void Convert(TfliteConverter converter, TfliteOperator op)
    {
        var options = op.Options ?? throw converter.Fail(op, "has no options; the file is damaged");
        Convert(converter, op, 2, 3, options.Byte(0) == 0, options.Int32(2, 0), options.Int32(1, 0), options.Byte(3));
    }

    /// <summary>
    /// Inputs: a picture, weights [M][kH][kW][C], a bias. The options are a structure of the C interface: padding (1 same, 2 valid), stride of the
    /// columns, stride of the rows, 32 bits each (mediapipe/util/tflite/operations/transpose_conv_bias.cc).
    /// </summary>
    public static void ConvertCustom(TfliteConverter converter, TfliteOperator op)
    {
        if (op.CustomOptions.Length < 3 * sizeof(int)) throw converter.Fail(op, $"has options of {op.CustomOptions.Length} bytes; 12 are expected");
        int Option(int index) => BinaryPrimitives.ReadInt32LittleEndian(op.CustomOptions.Span[(index * sizeof(int))..]);
        if (Option(0) is not (1 or 2)) throw converter.Fail(op, $"has the padding number {Option(0)}; 1 (same) and 2 (valid) are supported");
        Convert(converter, op, 0, 2, Option(0) == 1, Option(2), Option(1), activation: 0);
    }

    private static void Convert(
        TfliteConverter converter, TfliteOperator op, int picture, int biasInput, bool isSame, int strideHeight, int strideWidth, int activation)
    {
        var x = converter.Input(op, picture);
        var weights = TfliteConvolutions.Weights(converter, op, 1, 4);
        var output = converter.Output(op);
        if (x.Shape.Rank != 4 || weights.Shape[3] != x.Shape[3] || output.Shape.Rank != 4 || output.Shape[3] != weights.Shape[0])
            throw converter.Fail(op, $"has weights of shape {weights.Shape} for an input of shape {x.Shape} and an output of shape {output.Shape}");
        var window = new ChannelsLastWindow(weights.Shape[1], weights.Shape[2], strideHeight, strideWidth, 1, 1, isSame);
        var (w, bias) = TfliteConvolutions.Parameters(converter, op, x, weights, biasInput, weights.Shape[0], Order);
        var y = converter.Builder.ConvTranspose(output.LayerName, converter.Load(op, x), w, bias, window, output.Shape);
        converter.Store(op, TfliteActivations.Fused(converter, op, activation, output.LayerName, y));
    }
}
