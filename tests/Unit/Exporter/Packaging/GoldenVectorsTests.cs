using System.Runtime.InteropServices;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Unit.Exporter.Packaging;

public class GoldenVectorsTests
{
    /// <summary>A quantiser that works as a Relu: an engine that only rounds there is off by half of the range.</summary>
    [SkippableFact]
    public void They_are_what_another_runtime_computes_from_the_file()
    {
        OnnxRuntimeHere.OrSkip();
        var graph = Network(zeroPoint: 0);
        using var engine = new FusedEngine(graph, new EngineOptions());
        var golden = GoldenVectors.Make(graph, engine, null, Precisions.Int8);
        using var session = new ManagedOnnxRuntime(OnnxRoundTripTests.Write(graph), isOptimized: false);
        foreach (var vector in golden)
            Assert.Equal(vector.Outputs[0].ToFloats(), MemoryMarshal.Cast<byte, float>(session.Run([vector.Inputs[0].Bytes.ToArray()])[0]).ToArray());
    }

    [Fact]
    public void An_engine_that_computes_another_network_is_refused()
    {
        var graph = Network(zeroPoint: 0);
        using var engine = new FusedEngine(graph, new EngineOptions());
        var golden = GoldenVectors.Make(graph, engine, null, Precisions.Int8);
        using var other = new FusedEngine(Network(zeroPoint: 128), new EngineOptions());
        var tolerance = GoldenTolerance.Of(GoldenVectors.Describe(golden, Precisions.Int8));
        var refusal = Assert.Throws<EdgeException>(() => GoldenVectors.Require(other, golden, tolerance));
        Assert.Equal(FailureKind.Refused, refusal.Kind);
        Assert.Contains("golden vector 0", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>x → Q → DQ → Conv → Q → DQ → Add(x's DQ) → y, powers of two.</summary>
    private static Graph Network(byte zeroPoint)
    {
        var graph = new Graph { Name = "clamped" };
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(1, 2, 4, 4)));
        string x = Pair(graph, "x", 1 / 32f, 128);
        string scale = graph.Add("w.scale", Tensor.Scalar(0.25f)), weights = graph.Add("w", Tensor.From<sbyte>(new Shape(2, 2, 1, 1), [3, -5, 7, 2]));
        graph.Add(new Node("DequantizeLinear", "w.dq", [weights, scale, graph.Add("w.zero", Tensor.Scalar((sbyte)0))], ["w.float"]));
        graph.Add(new Node("Conv", "conv", [x, "w.float"], ["conv.out"]));
        graph.Add(new Node("Add", "add", [Pair(graph, "conv.out", 1 / 16f, zeroPoint), x], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(1, 2, 4, 4)));
        return graph;
    }

    private static string Pair(Graph graph, string value, float scale, byte zeroPoint)
    {
        string[] parameters = [graph.Add(value + ".scale", Tensor.Scalar(scale)), graph.Add(value + ".zero", Tensor.Scalar(zeroPoint))];
        string q = graph.Add(new Node("QuantizeLinear", value + ".q", [value, .. parameters], [value + ".u8"]));
        return graph.Add(new Node("DequantizeLinear", value + ".dq", [q, .. parameters], [value + ".float"]));
    }
}
