using System.Formats.Tar;
using System.Globalization;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Exporter.Quantization.Pixels;
using ResNetEdge.Preprocess;
using ResNetEdge.Tasks.Classification;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

/// <summary>Published CIFAR-10 networks on real pictures: how far int8 may be from fp32, and ONNX Runtime from the fused engine.</summary>
public class CifarAccuracyTests
{
    private const int Pixels = 32 * 32, CalibrationImages = 100;

    private static PreprocessSpec Spec
    {
        get
        {
            var preset = Presets.Find("cifar10");
            return new() { Height = preset.Size, Width = preset.Size, Mean = preset.Mean, Std = preset.Std };
        }
    }

    [SkippableTheory]
    [InlineData("resnet20-12fca82f", 280, 804)]
    [InlineData("resnet32-d509ac18", 278, 840)]
    [InlineData("resnet56-4bfd9763", 281, 825)]
    public void Int8_stays_beside_fp32_and_ONNX_Runtime_beside_the_fused_engine(string network, int rightLossless, int rightJpeg)
    {
        var source = SourceNetwork.Open(SharedData.Path($"cifar-resnet/{network}.th"), "auto", (32, 32));
        var (lossless, losslessLabels) = Lossless();
        var (jpeg, jpegLabels) = Jpeg();
        // As the program spreads them.
        float[][] calibration = [.. Enumerable.Range(0, CalibrationImages).Select(i => jpeg[i * jpeg.Length / CalibrationImages])];
        var quantized = Quantizer.Quantize(
            source.Graph, new() { Pixels = PixelGrid.Of(Spec) }, Load, calibration.Length, (engine, i) => engine.SetInput<float>(0, calibration[i]));

        Assert.Equal(rightLossless, Right(Classes(source.Graph, "fused", lossless), losslessLabels)); // PyTorch's counts
        Assert.InRange(Right(Classes(source.Graph, "fused", jpeg), jpegLabels), rightJpeg - 2, rightJpeg + 2);
        int[] int8Lossless = Classes(quantized.Int8, "fused", lossless), int8Jpeg = Classes(quantized.Int8, "fused", jpeg);
        Assert.InRange(Right(int8Lossless, losslessLabels), rightLossless - 3, 300);
        Assert.InRange(Right(int8Jpeg, jpegLabels), rightJpeg - 3, 1000);

        OnnxRuntimeHere.OrSkip();
        int same = Right(Classes(quantized.Int8, "onnxruntime", lossless), int8Lossless)
            + Right(Classes(quantized.Int8, "onnxruntime", jpeg), int8Jpeg);
        Assert.True(
            same >= 0.995 * (lossless.Length + jpeg.Length), $"ONNX Runtime names the same class on {same} of {lossless.Length + jpeg.Length}");
    }

    private static IEngine Load(ResNetEdge.Model.Graph graph) => GraphEngine.LoadForCalibration(graph, 1);

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

    // [1000][3][32][32] normalised, and the class of each.
    private static (float[][] Pictures, int[] Labels) Jpeg()
    {
        using var folder = new TempFolder();
        TarFile.ExtractToDirectory(SharedData.Path("cifar10-jpg/test-1000.tar"), folder.Path, overwriteFiles: false);
        string classes = Path.GetDirectoryName(Directory.GetDirectories(folder.Path, "cat", SearchOption.AllDirectories).Single())!;
        using var pictures = Pictures.Open(classes, Spec);
        return ([.. Enumerable.Range(0, pictures.Count).Select(pictures.Read)], pictures.Classes(classes, Presets.Find("cifar10").Labels));
    }

    // [300][3][32][32] normalised, and the class of each.
    private static (float[][] Pictures, int[] Labels) Lossless()
    {
        byte[] pixels = File.ReadAllBytes(SharedData.Path("mlperf-tiny/cifar10-lossless-300.u8"));
        int[] labels = [.. File.ReadLines(SharedData.Path("mlperf-tiny/cifar10-lossless-300.csv")).Skip(1)
            .Select(line => int.Parse(line.Split(',')[3], CultureInfo.InvariantCulture))];
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
