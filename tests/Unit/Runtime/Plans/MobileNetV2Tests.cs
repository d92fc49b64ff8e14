using ResNetEdge.Backends.Cpu;
using ResNetEdge.Engines;
using ResNetEdge.Onnx;
using ResNetEdge.Onnx.Proto;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>A MobileNetV2 whose exporter left Casts between QuantizeLinear and DequantizeLinear, with the answer that ONNX Runtime gave.</summary>
public class MobileNetV2Tests
{
    private const string Folder = "mobilenetv2-qdq/";

    [SkippableFact]
    public void Every_layer_is_int8_and_every_add_is_fused()
    {
        var graph = PassList.Run(OnnxReader.Read(SharedData.Path(Folder + "model.onnx")));
        Assert.DoesNotContain(graph.Nodes, n => n.OpType == "Cast");
        using var engine = new FusedEngine(graph, new EngineOptions());
        var steps = engine.Plan.Steps;
        Assert.Equal(graph.Nodes.Count(n => n.OpType == "Add"), steps.Sum(s => s.FusedAdds));
        Assert.All(steps.Where(s => s.Macs > 0), s => Assert.StartsWith("ConvInt8", s.Kernel.Name, StringComparison.Ordinal));
        Assert.Equal(graph.Nodes.Count(n => n.OpType is "Conv" or "Gemm"), steps.Count(s => s.Macs > 0));
        Assert.Equal(["GlobalAveragePool", "DequantizeLinear"], steps.Where(s => s.Macs == 0).Select(s => s.Operation));
    }

    [SkippableFact]
    public void The_recorded_answer_is_met_and_every_tier_gives_the_same_bits()
    {
        var graph = OnnxReader.Read(SharedData.Path(Folder + "model.onnx"));
        float[] input = Floats("input_0.pb"), expected = Floats("output_0.pb");
        // The residual sums are rounded once instead of twice, so single steps differ; layers follow layers.
        float[] best = PlannerTests.Run(new FusedEngine(graph, new EngineOptions()), input);
        PlannerTests.AssertClose(expected, best, 0.12, "recorded answer");
        Assert.Equal(Array.IndexOf(expected, expected.Max()), Array.IndexOf(best, best.Max()));
        foreach (string tier in KernelTiers.AvailableNames.Where(t => t != KernelTiers.Scalar.Name))
            Assert.Equal(best, PlannerTests.Run(new FusedEngine(graph, new EngineOptions { Isa = tier, Threads = 2 }), input));
    }

    private static float[] Floats(string file)
    {
        string path = SharedData.Path(Folder + file);
        return new TensorReader(new OnnxSource(path)).Read(TensorProto.Parser.ParseFrom(File.ReadAllBytes(path)), file).As<float>().ToArray();
    }
}
