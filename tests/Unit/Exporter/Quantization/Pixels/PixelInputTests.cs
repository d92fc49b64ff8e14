using ResNetEdge.Engines;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Exporter.Quantization.Pixels;
using ResNetEdge.Model;
using ResNetEdge.Preprocess;
using ResNetEdge.Steps;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization.Pixels;

public class PixelInputTests
{
    private const int Seed = 17;

    private static PreprocessSpec Spec => new() { Height = 16, Width = 16, Mean = Presets.Find("cifar10").Mean, Std = Presets.Find("cifar10").Std };

    [Theory]
    [InlineData("cifar10")]
    [InlineData("imagenet")]
    [InlineData("fashion-mnist")]
    public void Quantising_a_normalised_pixel_gives_the_pixel(string name)
    {
        var preset = Presets.Find(name);
        var grid = PixelGrid.Of(
            new() { Height = 1, Width = 1, Mean = preset.Mean, Std = preset.Std, Color = preset.Channels == 1 ? ColorOrder.Gray : ColorOrder.Rgb })!;
        for (int c = 0; c < preset.Channels; c++)
            for (int p = 0; p < 256; p++)
                Assert.Equal(p, Requantize.Quantize((p / 255f - preset.Mean[c]) / preset.Std[c], grid.Scales[c], grid.ZeroPoints[c]));
    }

    [Theory]
    [InlineData(-0.1f, 1f)] // below every pixel
    [InlineData(1.1f, 1f)]
    [InlineData(0.5f, 1f)] // 127.5, just between two pixels
    public void A_mean_without_an_exact_grid_has_none(float mean, float std) =>
        Assert.Null(PixelGrid.Of(new() { Height = 1, Width = 1, Mean = [mean], Std = [std], Color = ColorOrder.Gray }));

    [Fact]
    public void The_first_layer_sees_pictures_exactly_on_every_engine()
    {
        var graph = TestGraphs.Residual(Seed);
        var int8 = Quantize(graph, QuantizationSteps.Pixels);
        Assert.Contains(int8.Nodes, n => n.OpType == "QuantizeLinear" && n.Attributes.Int("axis", -1) == 1);
        // All that differs at the stem is its own weights' rounding: with those weights in float, it is the float network's.
        var stem = int8.Nodes.Single(n => n.Name == "stem");
        var probe = Calibrator.WithOutputs(int8, [stem.Output]);
        var exact = Calibrator.WithOutputs(graph, ["stem.out"]);
        string weights = stem.Inputs[1];
        float largest = int8.Initializers[int8.Nodes.Single(n => n.Output == weights).Inputs[1]].ToFloats().Max();
        using var fused = GraphEngine.Load(probe, 1, "fused");
        using var slow = new ReferenceEngine(probe);
        using var fp32 = new ReferenceEngine(exact);
        float bound = 27 * 0.5f * largest * 255 * 0.0176f; // half a step of each weight, times the largest pixel
        for (int i = 0; i < 4; i++)
        {
            float[] picture = Picture(i), a = Run(fused, picture), b = Run(slow, picture), c = Run(fp32, picture);
            for (int k = 0; k < a.Length; k++)
            {
                Assert.Equal(b[k], a[k], 1e-3f);
                Assert.InRange(a[k] - c[k], -bound, bound);
            }
        }
    }

    [SkippableFact]
    public void ONNX_Runtime_reads_it_the_same_way()
    {
        OnnxRuntimeHere.OrSkip();
        var int8 = Quantize(TestGraphs.Residual(Seed), QuantizationSteps.All);
        using var fused = GraphEngine.Load(int8, 1, "fused");
        using var other = GraphEngine.Load(int8, 1, "onnxruntime");
        for (int i = 0; i < 8; i++)
        {
            float[] picture = Picture(i), a = Run(fused, picture), b = Run(other, picture);
            float scale = a.Max(MathF.Abs);
            for (int k = 0; k < a.Length; k++) Assert.InRange(a[k] - b[k], -0.03f * scale, 0.03f * scale);
        }
    }

    [Fact]
    public void A_picture_written_as_pixels_is_the_same_as_its_values()
    {
        var int8 = Quantize(TestGraphs.Residual(Seed), QuantizationSteps.All);
        using var engine = new FusedEngine(int8, new EngineOptions());
        var input = engine.ImageInput(0);
        Assert.Equal([124, 116, 104], input.Steps!.ZeroPoints.ToArray());
        float[] expected = Run(engine, Picture(3));
        byte[] pixels = Bytes(3);
        unsafe
        {
            for (int c = 0; c < 3; c++)
                for (int y = 0; y < 16; y++)
                    for (int x = 0; x < 16; x++)
                        input.Data[c * input.ChannelStride + y * input.RowStride + x * input.PixelStride] = pixels[(c * 16 + y) * 16 + x];
        }

        engine.Run();
        float[] actual = new float[10];
        engine.GetOutput<float>(0, actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void An_input_that_two_layers_read_is_quantised_as_any_other_value()
    {
        var graph = TestGraphs.Residual(Seed);
        graph.Add(new Node("Conv", "second", ["input", "stem.weight"], ["second.out"]));
        graph.Outputs.Add(new("second.out", ElementType.Float32, new Shape(1, 8, 14, 14)));
        Assert.DoesNotContain(Quantize(graph, QuantizationSteps.All).Nodes, n => n.OpType == "QuantizeLinear" && n.Attributes.Int("axis", -1) == 1);
    }

    private static Graph Quantize(Graph graph, QuantizationSteps steps) => Quantizer.Quantize(
        graph, new() { Pixels = PixelGrid.Of(Spec), Steps = steps }, g => new ReferenceEngine(g), 8,
        (engine, i) => engine.SetInput<float>(0, Picture(100 + i))).Int8;

    private static byte[] Bytes(int seed)
    {
        byte[] bytes = new byte[3 * 16 * 16];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static float[] Picture(int seed) => [.. Bytes(seed).Select((p, i) => (p / 255f - Spec.Mean[i / 256]) / Spec.Std[i / 256])];

    private static float[] Run(IEngine engine, float[] picture)
    {
        engine.SetInput<float>(0, picture);
        engine.Run();
        float[] values = new float[engine.Outputs[0].Shape.ElementCount];
        engine.GetOutput<float>(0, values);
        return values;
    }
}
