using ResNetEdge.Engines;
using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Blocks;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Unit.Exporter.Architectures;
using ResNetEdge.Tests.Unit.Exporter.Quantization;

namespace ResNetEdge.Tests.Unit.Exporter.Blocks;

/// <summary>Blocks are found by structure, whatever the family, in float and in QDQ; what only looks like one is refused with its reason.</summary>
public class ResidualBlockFinderTests
{
    [Fact]
    public void Cifar_blocks_under_the_checkpoints_names()
    {
        var found = ResidualBlockFinder.Find(Graph(MadeUpWeights.Cifar(3)));
        Assert.Empty(found.Refused);
        Assert.Equal(["layer1.0", "layer1.1", "layer1.2", "layer2.0", "layer2.1", "layer2.2", "layer3.0", "layer3.1", "layer3.2"],
            found.Blocks.Select(b => b.Name));
        Assert.Equal(["layer2.0", "layer3.0"], found.Blocks.Where(b => b.ChangesShape).Select(b => b.Name));
        Assert.All(found.Blocks, b => Assert.Equal(b.ChangesShape ? ShortcutKind.ParameterFree : ShortcutKind.Identity, b.Shortcut));
        Assert.All(found.Blocks, b => Assert.Equal(["Conv", "Relu", "Conv"], b.Branch.Select(n => n.OpType)));
        Assert.All(found.Blocks.Skip(1).Zip(found.Blocks), pair => Assert.Equal(pair.Second.Output, pair.First.Input));
    }

    [Fact]
    public void Projections_and_bottlenecks()
    {
        var basic = ResidualBlockFinder.Find(Graph(MadeUpWeights.Cifar(2, "downsample"))).Blocks;
        Assert.Equal(["layer2.0", "layer3.0"], basic.Where(b => b.Shortcut == ShortcutKind.Projection).Select(b => b.Name));

        var deep = ResidualBlockFinder.Find(Graph(MadeUpWeights.Torchvision([3, 4, 6, 3], bottleneck: true))).Blocks;
        Assert.Equal(16, deep.Count);
        Assert.Equal(["layer1.0", "layer2.0", "layer3.0", "layer4.0"], deep.Where(b => b.Shortcut == ShortcutKind.Projection).Select(b => b.Name));
        Assert.All(deep, b => Assert.Equal(3, b.Branch.Count(n => n.OpType == "Conv")));
        Assert.Equal((new Shape(1, 64, 56, 56), new Shape(1, 256, 56, 56)), (deep[0].InputShape, deep[0].OutputShape));
    }

    [Fact]
    public void Pre_activation_blocks_have_no_activation_behind_the_add()
    {
        var found = ResidualBlockFinder.Find(PreActivation(projectionReadsActivation: true));
        Assert.Empty(found.Refused);
        Assert.Equal(["block0", "block1"], found.Blocks.Select(b => b.Name));
        Assert.All(found.Blocks, b => Assert.Null(b.Activation));
        Assert.Equal([ShortcutKind.Projection, ShortcutKind.Identity], found.Blocks.Select(b => b.Shortcut));

        // Where branch and projection share bn and relu, the block begins behind them; else at the stream.
        Assert.Equal("block0.relu1.out", found.Blocks[0].Input);
        Assert.Equal("stem.out", ResidualBlockFinder.Find(PreActivation(projectionReadsActivation: false)).Blocks[0].Input);
    }

    [Fact]
    public void A_quantised_network_has_the_blocks_of_the_float_one()
    {
        var graph = TestGraphs.Residual();
        var quantized = Quantizer.Quantize(
            graph, new QuantizationOptions(), g => new ReferenceEngine(g), 4, (engine, i) => engine.SetInput<float>(0, TestGraphs.Picture(i))).Int8;
        var (floats, ints) = (ResidualBlockFinder.Find(graph), ResidualBlockFinder.Find(quantized));
        Assert.Empty(floats.Refused.Concat(ints.Refused));
        Assert.Equal(["block1", "block2"], floats.Blocks.Select(b => b.Name));
        Assert.Equal(
            floats.Blocks.Select(b => (b.Name, b.Input, b.Output, b.Shortcut)), ints.Blocks.Select(b => (b.Name, b.Input, b.Output, b.Shortcut)));
        var types = ShapeInference.Infer(quantized);
        Assert.All(ints.Blocks, b => Assert.Equal(ElementType.UInt8, types[b.Entry].Type));
    }

    [Fact]
    public void Names_of_exported_paths_end_in_the_block()
    {
        var graph = TestGraphs.Residual();
        var renamed = new Graph { Name = "paths" };
        renamed.Inputs.AddRange(graph.Inputs);
        renamed.Outputs.AddRange(graph.Outputs);
        foreach (var (name, value) in graph.Initializers) renamed.Add(name, value);
        foreach (var node in graph.Nodes)
            renamed.Add(new Node(node.OpType, $"/stage/{node.Name.Replace('.', '/')}/{node.OpType}", node.Inputs, node.Outputs)
            {
                Attributes = node.Attributes,
            });
        Assert.Equal(["block1", "block2"], ResidualBlockFinder.Find(renamed).Blocks.Select(b => b.Name));
    }

    [Fact]
    public void Numbered_nodes_are_called_after_their_weights_and_without_them_after_the_add()
    {
        Assert.Equal(["block1", "block2"], ResidualBlockFinder.Find(Numbered(TestGraphs.Residual())).Blocks.Select(b => b.Name));
        Assert.Equal(["block1.add", "block1.add2"], ResidualBlockFinder.Find(Same()).Blocks.Select(b => b.Name));
    }

    [Fact]
    public void A_branch_read_from_outside_is_no_block()
    {
        var graph = TestGraphs.Residual();
        graph.Add(new Node("GlobalAveragePool", "spy", ["block1.relu1.out"], ["spied"]));
        graph.Outputs.Add(new("spied", ElementType.Float32, new Shape(1, 8, 1, 1)));
        Assert.Equal(("block1.add", "is used outside the block: 'spy' reads 'block1.relu1.out'"), Only(graph));

        graph = TestGraphs.Residual();
        graph.Outputs.Add(new("block1.conv2.out", ElementType.Float32, new Shape(1, 8, 8, 8)));
        Assert.Equal(("block1.add", "produces 'block1.conv2.out', which is one of the network's outputs"), Only(graph));
    }

    [Fact]
    public void An_add_around_another_is_no_block_and_the_inner_one_is()
    {
        var graph = Chain();
        graph.Add(new Node("Add", "long", ["b", "input"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 4, 6, 6)));
        var found = ResidualBlockFinder.Find(graph);
        Assert.Equal(("long", "holds another residual add, 'inner'"), (found.Refused.Single().Name, found.Refused.Single().Reason));
        Assert.Equal("inner", found.Blocks.Single().Name);
    }

    [Theory]
    [InlineData("Concat", "joins with Concat, not Add: without its branch, channels would be missing")]
    [InlineData("Add", "has no convolution on its branch")]
    public void A_join_that_is_no_block_says_why(string opType, string reason)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("input", ElementType.Float32, new Shape(1, 4, 6, 6)));
        graph.Add(new Node("Relu", "relu", ["input"], ["a"]));
        graph.Add(new Node(opType, "join", ["a", "input"], ["y"]) { Attributes = opType == "Concat" ? new() { ["axis"] = 1L } : new() });
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, opType == "Concat" ? 8 : 4, 6, 6)));
        Assert.Equal(("join", reason), Only(graph));
    }

    [Fact]
    public void Two_inputs_that_meet_are_no_block()
    {
        var graph = Chain();
        graph.Inputs.Add(new("other", ElementType.Float32, new Shape(1, 4, 6, 6)));
        graph.Add(new Node("Add", "meet", ["b", "other"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 4, 6, 6)));
        Assert.Equal("adds values that come from two inputs of the network", ResidualBlockFinder.Find(graph).Refused.Single().Reason);
    }

    [Fact]
    public void A_bypassed_block_gives_what_its_shortcut_gives_and_nothing_else_changes()
    {
        var graph = TestGraphs.Residual();
        foreach (var block in ResidualBlockFinder.Find(graph).Blocks)
        {
            // The same network with a branch that is zero.
            var zeroed = graph.Clone();
            foreach (string constant in block.Branch[^1].Inputs.Skip(1))
                zeroed.Initializers[constant] =
                    new(ElementType.Float32, graph.Initializers[constant].Shape, new byte[graph.Initializers[constant].Bytes.Length]);
            var bypassed = BlockBypass.Apply(graph, block);
            Assert.Equal(Run(zeroed), Run(bypassed));
            Assert.All(bypassed.Nodes, n => Assert.Contains(graph.Nodes, m => m.Name == n.Name));
            Assert.DoesNotContain(bypassed.Nodes, n => block.Branch.Any(m => m.Name == n.Name));
        }
    }

    private static (string Name, string Reason) Only(Graph graph)
    {
        var refused = Assert.Single(ResidualBlockFinder.Find(graph).Refused);
        return (refused.Name, refused.Reason);
    }

    private static Graph Graph(MadeUpWeights weights) => PassList.Run(ArchitectureRecovery.Recover(weights.Build()).Graph);

    private static float[] Run(Graph graph)
    {
        using var engine = new ReferenceEngine(graph);
        engine.SetInput<float>(0, TestGraphs.Picture(7));
        engine.Run();
        float[] logits = new float[10];
        engine.GetOutput<float>(0, logits);
        return logits;
    }

    // input → a; a + conv(a) → b, named "inner".
    private static Graph Chain()
    {
        var graph = new Graph();
        graph.Inputs.Add(new("input", ElementType.Float32, new Shape(1, 4, 6, 6)));
        Conv(graph, "first", "input", "a", 4);
        Conv(graph, "second", "a", "c", 4);
        graph.Add(new Node("Add", "inner", ["c", "a"], ["b"]));
        return graph;
    }

    // Two blocks that the network calls the same.
    private static Graph Same()
    {
        var graph = new Graph();
        graph.Inputs.Add(new("input", ElementType.Float32, new Shape(1, 4, 6, 6)));
        Conv(graph, "block1.conv", "input", "a", 4);
        graph.Add(new Node("Add", "block1.add", ["a", "input"], ["b"]));
        Conv(graph, "block1.conv2", "b", "c", 4);
        graph.Add(new Node("Add", "block1.add2", ["c", "b"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 4, 6, 6)));
        return graph;
    }

    private static Graph Numbered(Graph graph)
    {
        var result = new Graph();
        result.Inputs.AddRange(graph.Inputs);
        result.Outputs.AddRange(graph.Outputs);
        foreach (var (name, value) in graph.Initializers) result.Add(name, value);
        for (int i = 0; i < graph.Nodes.Count; i++)
            result.Add(new Node(graph.Nodes[i].OpType, $"node_{i}", graph.Nodes[i].Inputs, graph.Nodes[i].Outputs)
            {
                Attributes = graph.Nodes[i].Attributes,
            });
        return result;
    }

    // He et al., arXiv:1603.05027: a projection block and an identity block; batch norms as depthwise 1x1, as the passes leave them.
    private static Graph PreActivation(bool projectionReadsActivation)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("input", ElementType.Float32, new Shape(1, 4, 6, 6)));
        string x = Conv(graph, "stem", "input", "stem.out", 4);
        for (int i = 0; i < 2; i++)
        {
            string at = $"block{i}",
                first = graph.Add(new Node("Relu", $"{at}.relu1", [Conv(graph, $"{at}.bn1", x, $"{at}.bn1.out", 4)], [$"{at}.relu1.out"]));
            string y = Conv(graph, $"{at}.conv1", first, $"{at}.conv1.out", 4);
            string shortcut = i == 0 ? Conv(graph, $"{at}.shortcut.0", projectionReadsActivation ? first : x, $"{at}.shortcut.out", 4) : x;
            x = graph.Add(new Node("Add", $"{at}.add", [y, shortcut], [$"{at}.out"]));
        }

        graph.Outputs.Add(new(x, ElementType.Float32, new Shape(1, 4, 6, 6)));
        return graph;
    }

    private static string Conv(Graph graph, string name, string input, string output, int channels)
    {
        float[] weights = new float[channels * channels];
        for (int i = 0; i < weights.Length; i++) weights[i] = i % 5 - 2;
        graph.Add(name + ".weight", Tensor.From<float>(new Shape(channels, channels, 1, 1), weights));
        return graph.Add(new Node("Conv", name, [input, name + ".weight"], [output]));
    }
}
