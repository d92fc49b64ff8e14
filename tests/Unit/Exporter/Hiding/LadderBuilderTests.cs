using ResNetEdge.Engines;
using ResNetEdge.Exporter.Blocks;
using ResNetEdge.Exporter.Hiding;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Unit.Exporter.Quantization;

namespace ResNetEdge.Tests.Unit.Exporter.Hiding;

/// <summary>A spliced level is the shortened network itself, bit for bit, in float and in QDQ, whatever is hidden and refitted.</summary>
public class LadderBuilderTests
{
    private static readonly ManifestAccuracy Any = new(1, 1, 1, 1, 1, 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_spliced_level_equals_the_shortened_network(bool isInt8)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            var network = Network(seed, isInt8);
            var blocks = ResidualBlockFinder.Find(network).Blocks;
            var (random, builder) = (new Random(seed), new LadderBuilder(network));
            var state = new HidingState(network, new Dictionary<string, GraphChange>(), [], 0);
            var levels = new List<(Graph Shortened, ManifestRung Rung)>();
            foreach (var block in random.Next(2) == 0 ? blocks : blocks.Reverse())
            {
                state = Change(network, state, new ConvChanges(network, ".hidden").Replace(block, Random(random, block)), block.Name);
                if (network.Nodes.Find(n => n.Name == "stem") is { } stem && new ConvChanges(network, ".hidden").Weights(stem) is { } trained)
                    state = Change(network, state, new ConvChanges(network, ".hidden").Refit(
                        stem, trained with { Bias = [.. trained.Bias.Select(b => b + random.NextSingle())] }), null);
                levels.Add((state.Graph, new(state.Hidden, builder.Add(state, levels.Count + 1), 0, Any, 0)));
            }

            var file = Reread(builder.Graph);
            foreach (var (shortened, rung) in levels)
            {
                var spliced = LadderSplice.Apply(network, file, rung, "p");
                Assert.Equal(Run(shortened), Run(spliced));
                Assert.Equal(shortened.Nodes.Count, spliced.Nodes.Count);
            }
        }
    }

    [Fact]
    public void A_replaced_block_computes_its_convolution_and_its_activation()
    {
        var network = Network(1, isInt8: false);
        var block = ResidualBlockFinder.Find(network).Blocks[0];
        float[] weights = new float[8 * 8];
        for (int c = 0; c < 8; c++) weights[c * 9] = -1;
        var change = new ConvChanges(network, ".hidden").Replace(block, new(weights, [.. Enumerable.Repeat(1f, 8)], new(8, 8, 1, 1, 1)));
        using var engine = new ReferenceEngine(GraphChange.Apply(network, [change]));
        engine.SetInput<float>(0, TestGraphs.Picture(3));
        engine.Run();
        var (x, y) = (engine.Value(block.Input).As<float>().ToArray(), engine.Value(block.Output).As<float>().ToArray());
        Assert.Equal(x.Select(v => Math.Max(0, 1 - v)), y);
    }

    [Fact]
    public void A_replacement_that_two_levels_share_is_written_once()
    {
        var network = Network(1, isInt8: true);
        var blocks = ResidualBlockFinder.Find(network).Blocks;
        var (random, builder, changes) = (new Random(1), new LadderBuilder(network), new ConvChanges(network, ".hidden"));
        var one = Change(network, new(network, new Dictionary<string, GraphChange>(), [], 0), changes.Replace(blocks[0], Random(random, blocks[0])),
            blocks[0].Name);
        var two = Change(network, one, changes.Replace(blocks[1], Random(random, blocks[1])), blocks[1].Name);
        string first = builder.Add(one, 1).Single().With;
        Assert.Equal([first, $"{blocks[1].Output}@2"], builder.Add(two, 2).Select(s => s.With));
        Assert.Equal(2, builder.Graph.Outputs.Count);
    }

    private static HidingState Change(Graph network, HidingState state, GraphChange change, string? hidden)
    {
        var changes = BlockHider.Changed(state, change);
        return new(GraphChange.Apply(network, changes.Values), changes, hidden is null ? state.Hidden : [.. state.Hidden, hidden], 0);
    }

    private static FittedConv Random(Random random, ResidualBlock block)
    {
        var shape = new FittedShape(block.InputShape[1], block.OutputShape[1], 1, block.InputShape[2] / block.OutputShape[2], 1);
        return new(Values(shape.Outputs * shape.Taps), Values(shape.Outputs), shape);

        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static Graph Network(int seed, bool isInt8)
    {
        var graph = TestGraphs.Residual(seed);
        return !isInt8 ? graph
            : Quantizer.Quantize(
                graph, new QuantizationOptions(), g => new ReferenceEngine(g), 4,
                (engine, i) => engine.SetInput<float>(0, TestGraphs.Picture(i))).Int8;
    }

    // As the package's reader would have it.
    private static Graph Reread(Graph graph)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(graph, stream);
        return OnnxReader.Read(stream.ToArray(), "ladder.onnx");
    }

    private static float[] Run(Graph graph)
    {
        using var engine = new ReferenceEngine(graph);
        engine.SetInput<float>(0, TestGraphs.Picture(11));
        engine.Run();
        float[] logits = new float[10];
        engine.GetOutput<float>(0, logits);
        return logits;
    }
}
