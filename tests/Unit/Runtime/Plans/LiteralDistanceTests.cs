using ResNetEdge.Engines;
using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Onnx.Proto;
using ResNetEdge.Packages;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>
/// Real QDQ networks: the fused engine stays at least half as close to a literal reading of the file as ONNX Runtime (docs/int8-arithmetic.md).
/// </summary>
public class LiteralDistanceTests
{
    private const int Pictures = 8, PictureBytes = 32 * 32 * 3;

    [SkippableFact]
    public void Resnet8_stays_close_to_its_file()
    {
        string pixels = SharedData.Path("mlperf-tiny/cifar10-lossless-300.u8");
        var graph = OnnxReader.Read(SharedData.Path("mlperf-tiny/resnet8-qdq.onnx"));
        byte[] bytes = File.ReadAllBytes(pixels);
        bool isChannelsLast = graph.Inputs[0].Shape[^1] == 3;
        AssertClose(graph, [.. Enumerable.Range(0, Pictures).Select(i => Picture(bytes.AsSpan(i * PictureBytes, PictureBytes), isChannelsLast))]);
    }

    [SkippableFact]
    public void Mobilenet_stays_close_to_its_file()
    {
        string input = SharedData.Path("mobilenetv2-qdq/input_0.pb");
        var tensor = new TensorReader(new OnnxSource(input)).Read(TensorProto.Parser.ParseFrom(File.ReadAllBytes(input)), "input");
        AssertClose(OnnxReader.Read(SharedData.Path("mobilenetv2-qdq/model.onnx")), [tensor.As<float>().ToArray()]);
    }

    private static void AssertClose(Graph graph, float[][] inputs)
    {
        OnnxRuntimeHere.OrSkip();
        double[] distances = [Distance(graph, inputs, new FusedEngine(graph, new EngineOptions())), Distance(graph, inputs, OnnxRuntime(graph))];
        Assert.True(distances[0] <= 2 * distances[1], $"mean distance {distances[0]:G3}, ONNX Runtime's {distances[1]:G3}");
    }

    /// <summary>Mean absolute difference of the outputs to those of the reference.</summary>
    private static double Distance(Graph graph, float[][] inputs, IEngine engine)
    {
        using var reference = new ReferenceEngine(PassList.Run(graph));
        using (engine)
            return inputs.Average(input => Outputs(reference, input).Zip(Outputs(engine, input)).Average(v => Math.Abs((double)v.First - v.Second)));
    }

    private static float[] Outputs(IEngine engine, float[] input)
    {
        engine.SetInput<float>(0, input);
        engine.Run();
        float[] outputs = new float[engine.Outputs[0].Shape.ElementCount];
        engine.GetOutput<float>(0, outputs);
        return outputs;
    }

    private static OnnxRuntimeEngine OnnxRuntime(Graph graph)
    {
        byte[] bytes = Onnx.OnnxRoundTripTests.Write(graph);
        return new OnnxRuntimeEngine(new ModelSource("graph", null, () => bytes, _ => graph), new EngineOptions());
    }

    private static float[] Picture(ReadOnlySpan<byte> pixels, bool isChannelsLast)
    {
        float[] values = new float[PictureBytes];
        for (int i = 0; i < PictureBytes; i++) values[isChannelsLast ? i : i % 3 * (PictureBytes / 3) + i / 3] = pixels[i];
        return values;
    }
}
