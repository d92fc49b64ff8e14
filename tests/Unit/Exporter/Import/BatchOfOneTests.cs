using ResNetEdge.Engines;
using ResNetEdge.Exporter.Import;
using ResNetEdge.Model;
using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Exporter.Import;

public class BatchOfOneTests
{
    /// <summary>Exporters write the batch that they saw into the shape of a Reshape.</summary>
    [Fact]
    public void A_batch_of_four_becomes_one_and_each_picture_keeps_its_answer()
    {
        var graph = Network(4, [4, -1], classes: 3);
        var notes = new List<string>();
        var single = BatchOfOne.Of(graph, notes.Add);
        Assert.Contains("takes 4 pictures", Assert.Single(notes), StringComparison.Ordinal);
        float[] pictures = [.. Enumerable.Range(0, 4 * 2 * 4 * 4).Select(static i => (i % 7 - 3) / 4f)];
        float[] expected = PlannerTests.Run(new ReferenceEngine(graph), pictures);
        for (int i = 0; i < 4; i++)
            Assert.Equal(expected[(i * 3)..(i * 3 + 3)], PlannerTests.Run(new ReferenceEngine(single), pictures[(i * 32)..(i * 32 + 32)]));
    }

    [Fact]
    public void A_batch_of_one_stays_as_it_is()
    {
        var graph = Network(1, [1, -1], classes: 3);
        Assert.Same(graph, BatchOfOne.Of(graph, static note => Assert.Fail(note)));
    }

    /// <summary>With one picture the -1 would make two rows of half of its features.</summary>
    [Fact]
    public void A_network_that_mixes_its_pictures_is_refused()
    {
        var refusal = Assert.Throws<EdgeException>(() => BatchOfOne.Of(Network(4, [2, -1], classes: 4), static _ => { }));
        Assert.Equal(FailureKind.BadInput, refusal.Kind);
        Assert.Contains("batch of 1", refusal.Message, StringComparison.Ordinal);
    }

    private static Graph Network(int batch, long[] reshape, int classes)
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(batch, 2, 4, 4)));
        string weights = graph.Add("w", Tensor.From<float>(new Shape(4, 2, 1, 1), [1, 2, -1, 0.5f, 3, -2, 0.25f, 1]));
        graph.Add(new Node("Conv", "conv", ["x", weights], ["conv.out"]));
        graph.Add(new Node("GlobalAveragePool", "pool", ["conv.out"], ["pool.out"]));
        string features = graph.Add(new Node("Reshape", "reshape", ["pool.out", graph.Add("shape", Tensor.Vector<long>(reshape))], ["features"]));
        int depth = batch * 4 / (int)reshape[0];
        graph.Add("fc",
            Tensor.From<float>(new Shape(classes, depth), [.. Enumerable.Range(0, classes * depth).Select(static i => (i % 5 - 2) / 2f)]));
        graph.Add(new Node("Gemm", "gemm", [features, "fc"], ["y"]).With("transB", 1L));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape((int)reshape[0], classes)));
        return graph;
    }
}
