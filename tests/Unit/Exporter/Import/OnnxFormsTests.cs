using ResNetEdge.Engines;
using ResNetEdge.Exporter;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Unit.Exporter.Import;

/// <summary>ONNX files in the forms of newer operator sets, exported: the package says 17 and means it.</summary>
public class OnnxFormsTests
{
    [SkippableTheory]
    [InlineData(18), InlineData(20), InlineData(22), InlineData(23)]
    public void A_mean_over_axes_from_a_Constant_is_exported_for_every_runtime(int opset)
    {
        OnnxRuntimeHere.OrSkip();
        using var folder = new TempFolder(); // checks the package
        var graph = new Graph { Opset = opset };
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1, 3, 6, 6)));
        graph.Add("w", Weights(4, 3));
        graph.Add(new Node("Conv", "conv", ["x", "w"], ["c"]).With("pads", new long[] { 1, 1, 1, 1 }));
        graph.Add(new Node("Constant", "axes", [], ["axes"]).With("value_ints", new long[] { 1 }));
        graph.Add(new Node("ReduceMean", "mean", ["c", "axes"], ["m"]).With("keepdims", 0L).With("noop_with_empty_axes", 0L));
        graph.Add(new Node("Flatten", "flat", ["m"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 36)));
        using var package = Export(folder, graph);
        Assert.Equal(17, package.Model.Graph.Opset);
        float[] expected = OnnxRuntimeRun.Of(graph), actual = OnnxRuntimeRun.Of(package.Model.Graph);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [SkippableTheory]
    [InlineData(false), InlineData(true)]
    public void A_network_that_takes_bytes_becomes_one_that_takes_their_numbers(bool isChannelsLast)
    {
        OnnxRuntimeHere.OrSkip();
        using var folder = new TempFolder();
        var graph = Normalising(isChannelsLast);
        using var package = Export(folder, graph);
        var input = Assert.Single(package.Model.Graph.Inputs);
        Assert.Equal((ElementType.Float32, new Shape(1, 3, 5, 7)), (input.Type, input.Shape));
        Assert.DoesNotContain(package.Model.Graph.Nodes, n => n.OpType == "Cast");

        // The same pixels, as bytes for ONNX Runtime and as a picture for the package.
        byte[] pixels = new byte[105];
        new Random(5).NextBytes(pixels);
        using var session = new ManagedOnnxRuntime(OnnxRoundTripTests.Write(graph));
        float[] expected = new Tensor(ElementType.Float32, new Shape(1, 4), session.Run([isChannelsLast ? pixels : Planar(pixels)])[0]).ToFloats();
        var spec = package.Manifest!.Preprocess!.ToSpec();
        Assert.All(spec.Mean, m => Assert.Equal(0, m));
        Assert.All(spec.Std, s => Assert.Equal(1 / 255f, s));
        using var engine = EngineTable.Load("fused", package.Model, new EngineOptions()).Engine;
        engine.SetInput<float>(0, [.. Planar(pixels).Select(p => (p / 255f - spec.Mean[0]) / spec.Std[0])]);
        engine.Run();
        float[] actual = new float[4];
        engine.GetOutput<float>(0, actual);
        Network.Near(expected, actual);
    }

    [Fact]
    public void Mean_and_std_are_refused_for_a_network_that_normalises_itself()
    {
        using var folder = new TempFolder();
        string model = folder.Write("m.onnx", OnnxRoundTripTests.Write(Normalising(false)));
        var refused = Assert.Throws<EdgeException>(() => Pipeline.Run(
            new() { Checkpoint = model, Output = folder["p"], Precision = Precisions.Fp32, Mean = [0.5f, 0.5f, 0.5f], Std = [1, 1, 1] }, _ => { }));
        Assert.Equal(FailureKind.Usage, refused.Kind);
        Assert.Contains("takes pixels from 0 to 255 and normalises them itself", refused.Message, StringComparison.Ordinal);
    }

    private static Package Export(TempFolder folder, Graph graph)
    {
        string model = folder.Write("m.onnx", OnnxRoundTripTests.Write(graph));
        Pipeline.Run(new() { Checkpoint = model, Output = folder["p"], Precision = Precisions.Fp32 }, _ => { });
        return Package.Open(folder["p"]);
    }

    private static Graph Normalising(bool isChannelsLast)
    {
        var graph = new Graph { Opset = 13 };
        graph.Inputs.Add(new("x", ElementType.UInt8, isChannelsLast ? new Shape(1, 5, 7, 3) : new Shape(1, 3, 5, 7)));
        graph.Add("mean", Tensor.From<float>(isChannelsLast ? new Shape(3) : new Shape(3, 1, 1), [120, 110, 100]));
        graph.Add("std", Tensor.From<float>(isChannelsLast ? new Shape(3) : new Shape(3, 1, 1), [60, 55, 50]));
        graph.Add("w", Weights(4, 3));
        graph.Add(new Node("Cast", "cast", ["x"], ["f"]).With("to", (long)ElementType.Float32));
        graph.Add(new Node("Sub", "sub", ["f", "mean"], ["s"]));
        graph.Add(new Node("Div", "div", ["s", "std"], ["d"]));
        string picture = isChannelsLast ? graph.Add(new Node("Transpose", "turn", ["d"], ["t"]).With("perm", new long[] { 0, 3, 1, 2 })) : "d";
        graph.Add(new Node("Conv", "conv", [picture, "w"], ["c"]).With("pads", new long[] { 1, 1, 1, 1 }));
        graph.Add(new Node("GlobalAveragePool", "pool", ["c"], ["g"]));
        graph.Add(new Node("Flatten", "flat", ["g"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 4)));
        return graph;
    }

    private static Tensor Weights(int outputs, int inputs)
    {
        var random = new Random(2);
        return Tensor.From<float>(
            new Shape(outputs, inputs, 3, 3), [.. Enumerable.Range(0, outputs * inputs * 9).Select(_ => random.NextSingle() - 0.5f)]);
    }

    private static byte[] Planar(byte[] interleaved) => [.. Enumerable.Range(0, interleaved.Length).Select(i => interleaved[i % 35 * 3 + i / 35])];
}
