using ResNetEdge.Engines;
using ResNetEdge.Exporter.HalfPrecision;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Exporter.HalfPrecision;

public class HalfNetworkTests
{
    /// <summary>Eleven bits in each of some ten layers, as a share of the largest output.</summary>
    private const double Bound = 0.02;

    private const int Seeds = 40;

    [Fact]
    public void Float32_on_this_engine_is_near_the_literal_float16_of_the_file()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var half = HalfGraphs.Of(RandomNetworks.Make(seed));
            float[] input = RandomNetworks.Input(half, seed), literal = HalfGraphs.Run(HalfGraphs.Literal(half), input);
            Assert.InRange(HalfGraphs.Distance(literal, HalfGraphs.Run(new FusedEngine(half, new EngineOptions()), input)), 0, Bound);
        }
    }

    [SkippableFact]
    public void ONNX_Runtime_runs_the_file_and_gives_nearly_the_same()
    {
        OnnxRuntimeHere.OrSkip();
        for (int seed = 0; seed < Seeds; seed++)
        {
            var half = HalfGraphs.Of(seed % 2 == 0 ? RandomNetworks.Make(seed) : FuzzNetworks.Make(seed, isExact: true));
            float[] input = RandomNetworks.Input(half, seed);
            using var session = new ManagedOnnxRuntime(HalfGraphs.File(half));
            var outputs = session.Run([Tensor.From<float>(half.Inputs[0].Shape, input).Bytes.ToArray()]);
            Assert.All(session.Inputs.Concat(session.Outputs), static info => Assert.Equal(ElementType.Float32, info.Type));
            float[] other = [.. outputs.SelectMany((bytes, i) => new Tensor(session.Outputs[i].Type, session.Outputs[i].Shape, bytes).ToFloats())];
            double distance = HalfGraphs.Distance(other, HalfGraphs.Run(new FusedEngine(half, new EngineOptions()), input));
            Assert.True(distance <= Bound, $"seed {seed}: {distance}");
        }
    }

    [Fact]
    public void The_file_read_again_is_the_network_in_memory_bit_for_bit()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var half = HalfGraphs.Of(seed % 2 == 0 ? RandomNetworks.Make(seed) : FuzzNetworks.Make(seed, isExact: false));
            var read = OnnxReader.Read(HalfGraphs.File(half), "half");
            float[] input = RandomNetworks.Input(half, seed);
            Assert.Equal(
                HalfGraphs.Run(new FusedEngine(half, new EngineOptions()), input), HalfGraphs.Run(new FusedEngine(read, new EngineOptions()), input));
            var again = PassList.Run(read);
            Assert.Equal(Precisions.Fp16, GraphFacts.Of(again).Precision);
            Assert.Equal(half.Nodes.Select(static n => n.OpType), again.Nodes.Select(static n => n.OpType));
            Assert.All(again.Nodes, node => Assert.Equal(
                half.Nodes.Single(n => n.Name == node.Name).Outputs.Exists(half.Halves.Contains), node.Outputs.Exists(again.Halves.Contains)));
        }
    }

    [Fact]
    public void The_file_is_half_the_size()
    {
        var graph = Network(g => g.Add(new Node("Conv", "conv", ["x", "w"], ["y"])), outputs: 64);
        var single = new MemoryStream();
        OnnxWriter.Write(PassList.Run(graph), single);
        Assert.InRange(HalfGraphs.File(HalfGraphs.Of(graph)).Length, single.Length / 2, single.Length / 2 + 400);
    }

    [Fact]
    public void Softmax_reductions_and_quotients_stay_in_float32_between_casts()
    {
        var graph = Network(static g =>
        {
            g.Add(new Node("Conv", "conv", ["x", "w"], ["c"]));
            g.Add(new Node("Softmax", "softmax", ["c"], ["s"]).With("axis", 1L));
            g.Add("w2", Weights(3, 8));
            g.Add(new Node("Conv", "conv2", ["s", "w2"], ["y"]));
        }, outputs: 3);
        var (file, _) = NarrowFloats.Of(HalfGraphs.Of(graph));
        Assert.Equal(["Cast", "Conv", "Cast", "Softmax", "Cast", "Conv", "Cast"], file.Nodes.Select(static n => n.OpType));
        Assert.Equal([10L, 1, 10, 1], file.Nodes.Where(static n => n.OpType == "Cast").Select(static n => (long)n.Attributes["to"]!));
        Assert.All(file.Initializers.Values, static w => Assert.Equal(ElementType.Float16, w.Type));
    }

    [Fact]
    public void What_no_layer_is_near_stays_in_float32()
    {
        var graph = Network(static g => g.Add(new Node("Add", "add", [g.Add(new Node("Exp", "exp", ["x"], ["e"])), "x"], ["y"])), outputs: 2);
        Assert.Empty(HalfGraphs.Of(graph).Halves);
    }

    [Fact]
    public void The_factors_of_a_resize_stay_float32()
    {
        var graph = Network(static g =>
        {
            g.Add(new Node("Conv", "conv", ["x", "w"], ["c"]));
            g.Add("factors", Tensor.Vector(1f, 1, 2, 2));
            g.Add(new Node("Resize", "resize", ["c", "", "factors"], ["y"]).With("mode", "nearest"));
        }, outputs: 8);
        graph.Outputs[0] = graph.Outputs[0] with { Shape = new Shape(1, 8, 8, 8) };
        var (file, _) = NarrowFloats.Of(HalfGraphs.Of(graph));
        Assert.Equal(ElementType.Float32, file.Initializers["factors"].Type);
        Assert.Equal(["Cast", "Conv", "Resize", "Cast"], file.Nodes.Select(static n => n.OpType));
    }

    [Fact]
    public void A_constant_that_both_precisions_read_is_there_in_both()
    {
        var graph = Network(static g =>
        {
            g.Add("s", Tensor.Scalar(1 / 3f));
            g.Add(new Node("Conv", "conv", ["x", "w"], ["c"]));
            g.Add(new Node("Max", "max", ["c", "s"], ["m"]));
            g.Add(new Node("Softmax", "softmax", ["m"], ["p"]));
            g.Add(new Node("Div", "div", ["p", "s"], ["y"]));
        }, outputs: 8);
        var half = HalfNetwork.Of(graph, HalfChoice.Of(graph, LayerNames.None, new Dictionary<string, float>()).Nodes);
        Assert.Equal((1 / 3f, (float)(Half)(1 / 3f)), (half.Initializers["s"].As<float>()[0], half.Initializers["s_fp16"].As<float>()[0]));
        Assert.Equal(["c", "s_fp16"], half.Nodes.Single(static n => n.Name == "max").Inputs);
    }

    [Theory]
    [InlineData(1e5f, "'w' reaches 1E+05, beyond the 65504 of float16")]
    [InlineData(1e-6f, "'w' reaches 1E-06, which float16 holds with few bits")]
    [InlineData(float.NaN, "'w' is not a number")]
    public void Weights_that_float16_cannot_hold_keep_their_layer_in_float32(float weight, string reason)
    {
        var graph = Network(static g =>
        {
            g.Add(new Node("Conv", "conv", ["x", "w"], ["c"]));
            g.Add("w2", Weights(3, 8));
            g.Add(new Node("Conv", "conv2", ["c", "w2"], ["y"]));
        }, outputs: 3);
        float[] weights = new float[16];
        weights[3] = weight;
        graph.Initializers["w"] = Tensor.From<float>(new Shape(8, 2, 1, 1), weights);
        var choice = HalfChoice.Of(graph, LayerNames.None, new Dictionary<string, float>());
        Assert.Equal([("conv", reason)], choice.Kept);
        Assert.Equal(["conv2"], choice.Nodes.Select(static n => n.Name));
    }

    [Fact]
    public void A_value_that_leaves_the_range_on_the_data_keeps_its_maker_and_its_readers_in_float32()
    {
        var graph = Network(static g =>
        {
            g.Add(new Node("Conv", "conv", ["x", "w"], ["c"]));
            g.Add("w2", Weights(3, 8));
            g.Add(new Node("Conv", "conv2", ["c", "w2"], ["d"]));
            g.Add("w3", Weights(4, 3));
            g.Add(new Node("Conv", "conv3", ["d", "w3"], ["y"]));
        }, outputs: 4);
        float[] weights = [.. Enumerable.Repeat(30_000f, 16)];
        graph.Initializers["w"] = Tensor.From<float>(new Shape(8, 2, 1, 1), weights);
        graph.Initializers["w2"] = Tensor.From<float>(new Shape(3, 8, 1, 1), [.. Enumerable.Repeat(1e-3f, 24)]);
        var log = new List<string>();
        var (half, kept) = HalfExport.Make(graph, LayerNames.None, null, static g => new FusedEngine(g, new EngineOptions()), log.Add);
        Assert.Equal(["conv", "conv2"], kept);
        Assert.Equal(["w3", "y"], half.Halves.Order());
        Assert.StartsWith("2 nodes stay in fp32: 'conv', 'c' reaches ", Assert.Single(log), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_of_which_nothing_fits_is_refused()
    {
        var graph = Network(static g => g.Add(new Node("Conv", "conv", ["x", "w"], ["y"])), outputs: 8);
        var refused = Assert.Throws<EdgeException>(
            () => HalfExport.Make(graph, new LayerNames(["conv"]), null, static g => new FusedEngine(g, new EngineOptions()), static _ => { }));
        Assert.Equal("no layer of this network can compute in float16 ('conv', as asked for); export it with --precision fp32", refused.Message);
        Assert.Equal(FailureKind.BadInput, refused.Kind);
    }

    private static Tensor Weights(int outputs, int inputs)
    {
        var random = new Random(outputs);
        return Tensor.From<float>(
            new Shape(outputs, inputs, 1, 1), [.. Enumerable.Range(0, outputs * inputs).Select(_ => random.NextSingle() - 0.5f)]);
    }

    private static Graph Network(Action<Graph> fill, int outputs)
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(1, 2, 4, 4)));
        graph.Add("w", Weights(outputs == 64 ? 64 : 8, 2));
        fill(graph);
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(1, outputs, 4, 4)));
        return PassList.Run(graph);
    }
}
