using System.Globalization;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Results;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

/// <summary>Published CIFAR-10 networks on real pictures: how far int8 may be from fp32, and ONNX Runtime from the fused engine.</summary>
public class CifarAccuracyTests
{
    private const int Pixels = 32 * 32;

    [SkippableTheory]
    [InlineData("resnet20-12fca82f", 280)]
    [InlineData("resnet32-d509ac18", 278)]
    [InlineData("resnet56-4bfd9763", 281)]
    public void On_lossless_pictures_int8_is_within_3_of_fp32_which_is_right_as_often_as_PyTorch(string network, int pyTorchRight)
    {
        var (pictures, labels) = Lossless();
        var source = SourceNetwork.Open(SharedData.Path($"cifar-resnet/{network}.th"), "auto", (32, 32));
        // Calibrated on every other picture.
        var quantized = Quantizer.Quantize(source.Graph, new QuantizationOptions(), Load, pictures.Length / 2, (engine, i) => engine.SetInput<float>(0, pictures[2 * i]));
        int[] fp32 = Classes(source.Graph, "fused", pictures), int8 = Classes(quantized.Int8, "fused", pictures);
        Assert.Equal(pyTorchRight, Right(fp32, labels));
        Assert.InRange(Right(int8, labels), pyTorchRight - 3, 300);

        OnnxRuntimeHere.OrSkip();
        int same = Classes(quantized.Int8, "onnxruntime", pictures).Zip(int8).Count(p => p.First == p.Second);
        Assert.True(same >= 0.995 * pictures.Length, $"ONNX Runtime names the same class on {same} of {pictures.Length}");
    }

    private static IEngine Load(ResNetEdge.Model.Graph graph) => GraphEngine.Load(graph, 1, "fused");

    private static int Right(int[] classes, int[] labels) => classes.Zip(labels).Count(p => p.First == p.Second);

    private static int[] Classes(ResNetEdge.Model.Graph graph, string name, float[][] pictures)
    {
        using var engine = GraphEngine.Load(graph, 1, name);
        float[] logits = new float[10];
        return [.. pictures.Select(picture =>
        {
            engine.SetInput<float>(0, picture);
            engine.Run();
            engine.GetOutput<float>(0, logits);
            return TopK.Largest(logits);
        })];
    }

    // [300][3][32][32] normalised, and the class of each.
    private static (float[][] Pictures, int[] Labels) Lossless()
    {
        byte[] pixels = File.ReadAllBytes(SharedData.Path("mlperf-tiny/cifar10-lossless-300.u8"));
        int[] labels = [.. File.ReadLines(SharedData.Path("mlperf-tiny/cifar10-lossless-300.csv")).Skip(1).Select(line => int.Parse(line.Split(',')[3], CultureInfo.InvariantCulture))];
        var preset = Presets.Find("cifar10");
        float[][] pictures = [.. labels.Select((_, i) =>
        {
            float[] picture = new float[3 * Pixels];
            for (int e = 0; e < picture.Length; e++)
            {
                int channel = e / Pixels;
                picture[e] = (pixels[i * picture.Length + e % Pixels * 3 + channel] / 255f - preset.Mean[channel]) / preset.Std[channel];
            }

            return picture;
        })];
        return (pictures, labels);
    }
}
