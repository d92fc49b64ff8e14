using System.Formats.Tar;
using System.Globalization;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tasks.Classification;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Exporter.Import;

/// <summary>MLPerf Tiny's ResNet-8 from every file that there is of it, on 300 lossless pictures, raw pixels 0 to 255.</summary>
public class MlperfTinyTests
{
    private const int Pictures = 300, Pixels = 32 * 32;

    // PyTorch's and TensorFlow Lite's own counts.
    private const int FloatRight = 270;

    [SkippableTheory]
    [InlineData("pretrainedResnet.tflite", "fused")]
    [InlineData("pretrainedResnet.h5", "fused")]
    [InlineData("pretrainedResnet.tflite", "onnxruntime")]
    [InlineData("pretrainedResnet.h5", "onnxruntime")]
    public void The_float_network_gives_PyTorchs_numbers(string file, string engine)
    {
        float[][] outputs = Outputs(file, engine);
        var golden = Npy.Read(SharedData.Path("mlperf-tiny/golden-resnet8-float-logits-first16.npy")).As<float>();
        for (int i = 0; i < 16; i++)
        {
            float[] expected = new float[10];
            ClassProbabilities.Of(golden.Slice(i * 10, 10), expected);
            for (int k = 0; k < 10; k++) Assert.InRange(outputs[i][k] - expected[k], -1e-5f, 1e-5f);
        }

        Assert.Equal(FloatRight, Right(outputs));
    }

    // TensorFlow Lite's interpreter has 271 and 274 right. It rounds after each residual add where
    // the fused engine does not, and requantises in fixed point.
    [SkippableTheory]
    [InlineData("pretrainedResnet_quant.tflite", "fused", 271)]
    [InlineData("pretrainedResnet_quant.tflite", "onnxruntime", 271)]
    [InlineData("pretrainedResnet_large_int8.tflite", "fused", 274)]
    [InlineData("pretrainedResnet_large_int8.tflite", "onnxruntime", 274)]
    public void The_int8_network_runs_as_it_is(string file, string engine, int right) =>
        Assert.InRange(Right(Outputs(file, engine)), right - 3, right + 3);

    // The fused engine does not round between a convolution and the residual add that it takes in.
    [SkippableTheory]
    [InlineData("fused", 0.05f)]
    [InlineData("onnxruntime", 0.0093f)]
    public void The_QDQ_network_runs_as_it_is(string engine, float bound)
    {
        float[][] outputs = Outputs("resnet8-qdq.onnx", engine);
        var golden = Npy.Read(SharedData.Path("mlperf-tiny/golden-resnet8-qdq-softmax-first16.npy")).As<float>();
        for (int i = 0; i < 160; i++) Assert.InRange(outputs[i / 10][i % 10] - golden[i], -bound, bound);
        Assert.InRange(Right(outputs), 268, 274);
    }

    [SkippableTheory]
    [InlineData("pretrainedResnet.tflite")]
    [InlineData("pretrainedResnet.h5")]
    public void The_float_network_keeps_its_accuracy_in_int8(string file)
    {
        using var folder = new TempFolder();
        OtherPictures(folder.Path, perClass: 10);
        var source = SourceNetwork.Open(SharedData.Path($"mlperf-tiny/{file}"), "auto", null);
        var spec = InputDescription.Preprocessing(
            new ExportOptions { Checkpoint = "", Output = "", Preset = Presets.Find("mlperf-tiny") }, source.Graph.Inputs[0])!;
        using var calibration = ResNetEdge.Exporter.Evaluation.Pictures.Open(folder.Path, spec);
        Assert.Equal(100, calibration.Count);
        var quantized = Quantizer.Quantize(
            source.Graph, new QuantizationOptions(), g => GraphEngine.LoadForCalibration(g, 1), calibration.Count, calibration.Feed);
        Assert.InRange(Right(Outputs(quantized.Int8, "fused")), FloatRight - 2, Pictures);
    }

    [SkippableFact]
    public void An_int8_file_says_itself_that_it_takes_pixels()
    {
        var pixels = SourceNetwork.Open(SharedData.Path("mlperf-tiny/pretrainedResnet_quant.tflite"), "auto", null).Pixels!.Value;
        Assert.Equal((0f, 1 / 255f), (pixels.Mean, pixels.Std));
        Assert.Equal((0f, 1f), pixels.InSteps(0, 1 / 255f)); // its bytes are the pixels
    }

    [SkippableTheory]
    [InlineData("tflite/mobilenet_v1_0.25_128_quant.tflite", 3)]
    [InlineData("tflite/mobilenet_v2_1.0_224_quant.tflite", 8)]
    public void A_uint8_MobileNet_knows_most_pictures_and_brings_its_labels(string file, int atLeast)
    {
        var source = SourceNetwork.Open(SharedData.Path(file), "auto", null);
        Assert.Equal(1001, source.Labels.Count);
        var options = new ExportOptions { Checkpoint = "", Output = "" };
        var spec = InputDescription.Preprocessing(options, source.Graph.Inputs[0], source.Pixels)!;
        using var pictures = ResNetEdge.Exporter.Evaluation.Pictures.Open(SharedData.Path("imagenet-samples"), spec, 10);
        using var engine = GraphEngine.Load(source.Graph, 1, "fused");
        int right = 0;
        for (int i = 0; i < pictures.Count; i++)
        {
            pictures.Feed(engine, i);
            engine.Run();
            float[] scores = new float[1001];
            engine.GetOutput<float>(0, scores);
            if (TopK.Largest(scores) == 100 * i + 1) right++; // every tenth of the files, which show every tenth class; 0 is the background
        }

        Assert.InRange(right, atLeast, 10);
    }

    private static float[][] Outputs(string file, string engineName)
    {
        if (engineName == "onnxruntime") OnnxRuntimeHere.OrSkip();
        return Outputs(SourceNetwork.Open(SharedData.Path($"mlperf-tiny/{file}"), "auto", null).Graph, engineName);
    }

    // The JPEG set without those of the 300 that it holds too.
    private static void OtherPictures(string folder, int perClass)
    {
        HashSet<string> counted = [.. File.ReadAllLines(SharedData.Path("mlperf-tiny/cifar10-lossless-300.csv")).Skip(1)
            .Select(static line => line.Split(',')[5])];
        using var tar = new TarReader(File.OpenRead(SharedData.Path("cifar10-jpg/test-1000.tar")));
        var taken = new Dictionary<string, int>(StringComparer.Ordinal);
        while (tar.GetNextEntry() is { } entry)
        {
            string label = entry.Name.Split('/')[0];
            if (entry.DataStream is null || counted.Contains(entry.Name) || taken.GetValueOrDefault(label) == perClass) continue;
            taken[label] = taken.GetValueOrDefault(label) + 1;
            Directory.CreateDirectory(Path.Combine(folder, label));
            entry.ExtractToFile(Path.Combine(folder, entry.Name), overwrite: false);
        }
    }

    private static float[][] Outputs(Graph graph, string engineName)
    {
        using var engine = GraphEngine.Load(graph, 1, engineName);
        byte[] pixels = File.ReadAllBytes(SharedData.Path("mlperf-tiny/cifar10-lossless-300.u8"));
        float[][] outputs = new float[Pictures][];
        float[] input = new float[3 * Pixels];
        for (int i = 0; i < Pictures; i++)
        {
            for (int k = 0; k < input.Length; k++) input[k] = pixels[i * input.Length + k % Pixels * 3 + k / Pixels];
            Network.Feed(graph, engine, input);
            engine.Run();
            engine.GetOutput<float>(0, outputs[i] = new float[10]);
        }

        return outputs;
    }

    private static int Right(float[][] outputs)
    {
        int[] labels = [.. File.ReadAllLines(SharedData.Path("mlperf-tiny/cifar10-lossless-300.csv")).Skip(1)
            .Select(static line => int.Parse(line.Split(',')[3], CultureInfo.InvariantCulture))];
        return outputs.Zip(labels).Count(static p => TopK.Largest(p.First) == p.Second);
    }
}
