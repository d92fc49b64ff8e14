using ResNetEdge.Engines;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

public class ChannelEqualizationTests
{
    [Fact]
    public void The_float_network_stays_the_same_bit_for_bit()
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            var graph = Uneven(seed);
            var equalized = Equalize(graph);
            using var before = new ReferenceEngine(graph);
            using var after = new ReferenceEngine(equalized);
            for (int i = 50; i < 53; i++) Assert.Equal(Logits(before, i), Logits(after, i));
        }
    }

    [Fact]
    public void No_value_s_range_grows_and_small_channels_gain()
    {
        var graph = Uneven(1);
        var plan = new QuantizationPlan(graph, LayerNames.None);
        var before = Ranges(graph, plan.Observed);
        var after = Ranges(Equalize(graph), plan.Observed);
        foreach (string value in plan.Observed)
        {
            Assert.Equal(before[value].Max(), after[value].Max());
            Assert.True(after[value].Zip(before[value]).All(p => p.First >= p.Second), value);
        }

        Assert.True(after["block1.relu1.out"].Where(r => r > 0).Min() > before["block1.relu1.out"].Where(r => r > 0).Min());
    }

    [Fact]
    public void A_second_time_changes_nothing()
    {
        var once = Equalize(Uneven(2));
        var twice = Equalize(once);
        Assert.All(once.Initializers, p => Assert.Equal(p.Value.Bytes.ToArray(), twice.Initializers[p.Key].Bytes.ToArray()));
    }

    [Fact]
    public void A_constant_that_two_layers_share_is_parted()
    {
        var graph = Uneven(3);
        graph.Nodes.Find(n => n.Name == "block1.conv2")!.Inputs[1] = "block1.conv1.weight";
        var equalized = Equalize(graph);
        Assert.NotEqual(equalized.Nodes.Find(n => n.Name == "block1.conv2")!.Input(1), equalized.Nodes.Find(n => n.Name == "block1.conv1")!.Input(1));
        using var before = new ReferenceEngine(graph);
        using var after = new ReferenceEngine(equalized);
        Assert.Equal(Logits(before, 9), Logits(after, 9));
    }

    [Fact]
    public void Depthwise_convolutions_let_factors_through()
    {
        var graph = Uneven(5);
        graph.Add("dw.weight", Tensor.From<float>(new Shape(8, 1, 1, 1), [1, 2, 3, 4, 5, 6, 7, 8]));
        graph.Nodes.Insert(
            graph.Nodes.FindIndex(n => n.Name == "block1.conv2"),
            new Node("Conv", "dw", ["block1.relu1.out", "dw.weight"], ["dw.out"]).With("group", 8L));
        graph.Nodes.Find(n => n.Name == "block1.conv2")!.Inputs[0] = "dw.out";
        using var before = new ReferenceEngine(graph);
        using var after = new ReferenceEngine(Equalize(graph));
        Assert.Equal(Logits(before, 4), Logits(after, 4));
    }

    [Fact]
    public void A_channel_of_the_shortcut_is_one_class_through_its_stage_and_the_next()
    {
        var classes = new ChannelClasses(TestGraphs.Residual());
        for (int c = 0; c < 8; c++)
        {
            int expected = classes.Of("stem.out", c);
            Assert.NotEqual(0, expected);
            foreach (string value in new[] { "pool.out", "block1.conv2.out", "block1.relu2.out", "block2.slice.out" })
                Assert.Equal(expected, classes.Of(value, c));
            Assert.Equal(expected, classes.Of("block2.relu2.out", c + 4)); // option A pads 4 channels in front
            Assert.Equal(expected, classes.Of("flatten.out", c + 4));
        }

        Assert.NotEqual(classes.Of("stem.out", 0), classes.Of("stem.out", 1));
    }

    [Fact]
    public void Inputs_outputs_and_what_cannot_pass_a_factor_on_stay_as_they_are()
    {
        var graph = TestGraphs.Residual();
        graph.Nodes.Find(n => n.Name == "block1.conv1")!.Inputs[0] = "tanh.out";
        graph.Nodes.Insert(graph.Nodes.FindIndex(n => n.Name == "block1.conv1"), new Node("Sigmoid", "tanh", ["pool.out"], ["tanh.out"]));
        var classes = new ChannelClasses(graph);
        Assert.Equal(0, classes.Of("input", 1));
        Assert.Equal(0, classes.Of("logits", 3));
        Assert.Equal(0, classes.Of("pool.out", 2));
        Assert.Equal(0, classes.Of("block1.relu2.out", 2));
        Assert.NotEqual(0, classes.Of("block1.relu1.out", 2));
    }

    // Channels whose weights differ by up to 2^4, as folded BatchNorms make them.
    private static Graph Uneven(int seed)
    {
        var graph = TestGraphs.Residual(seed);
        foreach (var conv in graph.Nodes.Where(n => n.OpType == "Conv"))
        {
            foreach (string name in conv.Inputs.Skip(1))
            {
                float[] values = graph.Initializers[name].ToFloats();
                var shape = graph.Initializers[name].Shape;
                int inner = values.Length / shape[0];
                for (int e = 0; e < values.Length; e++) values[e] *= MathF.ScaleB(1, -(e / inner * 7 % 5));
                graph.Initializers[name] = Tensor.From<float>(shape, values);
            }
        }

        return graph;
    }

    private static Graph Equalize(Graph graph) =>
        ChannelEqualization.Apply(graph, new QuantizationPlan(graph, LayerNames.None), g => new ReferenceEngine(g), 4, Feed);

    private static Dictionary<string, float[]> Ranges(Graph graph, IReadOnlyList<string> values) =>
        Calibrator.ChannelRanges(graph, values, g => new ReferenceEngine(g), 4, Feed);

    private static void Feed(IEngine engine, int i) => engine.SetInput<float>(0, TestGraphs.Picture(i));

    private static float[] Logits(ReferenceEngine engine, int picture)
    {
        Feed(engine, picture);
        engine.Run();
        return engine.Value("logits").As<float>().ToArray();
    }
}
