using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Runtime.Passes;

public class PassTests
{
    public static TheoryData<string> Passes => [.. PassList.All.Select(p => p.Name)];

    [Theory, MemberData(nameof(Passes))]
    public void A_pass_keeps_the_numbers(string name)
    {
        var pass = PassList.All.Single(p => p.Name == name);
        for (int seed = 0; seed < 20; seed++)
        {
            Graph before = Decorate(RandomNetworks.Make(seed)), after = before.Clone();
            pass.Run(after);
            float[] input = RandomNetworks.Input(before, seed);
            PlannerTests.AssertClose(PlannerTests.Run(new ReferenceEngine(before), input), PlannerTests.Run(new ReferenceEngine(after), input),
                pass.Bound, $"{name}, seed {seed}");
        }
    }

    [Theory, MemberData(nameof(Passes))]
    public void A_second_run_changes_nothing(string name)
    {
        var pass = PassList.All.Single(p => p.Name == name);
        var graph = Decorate(RandomNetworks.Make(7));
        pass.Run(graph);
        Assert.False(pass.Run(graph));
    }

    [Fact]
    public void After_all_passes_no_norm_identity_cast_or_constant_node_is_left()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var graph = PassList.Run(Decorate(RandomNetworks.Make(seed)));
            Assert.DoesNotContain(graph.Nodes, n => n.OpType is "BatchNormalization" or "Identity" or "Constant" or "Dropout" or "Cast");
        }
    }

    [Fact]
    public void Quantised_weights_are_not_folded_to_floats()
    {
        var graph = new Graph();
        graph.Initializers["w"] = Tensor.Vector<sbyte>(1, 2);
        graph.Initializers["s"] = Tensor.Scalar(0.5f);
        graph.Add(new Node("DequantizeLinear", "d", ["w", "s"], ["y"]));
        Assert.False(new FoldConstants().Run(graph));
    }

    [Theory]
    [InlineData(7), InlineData(9), InlineData(10)]
    public void Attributes_of_old_opsets_become_inputs(int opset)
    {
        var graph = new Graph { Opset = opset };
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(1, 2, 3, 4)));
        graph.Add(new Node("Clip", "clip", ["x"], ["a"]).With("min", 0f).With("max", 0.5f));
        graph.Add(new Node("Unsqueeze", "unsqueeze", ["a"], ["b"]).With("axes", new long[] { 0 }));
        graph.Add(new Node("Squeeze", "squeeze", ["b"], ["c"]).With("axes", new long[] { 0 }));
        graph.Add(new Node("Softmax", "softmax", ["c"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(1, 2, 3, 4)));
        new ConvertToOpset17().Run(graph);
        float[] x = RandomNetworks.Input(graph, 1), y = PlannerTests.Run(new ReferenceEngine(graph), x);
        Assert.Equal(1.0, y.Sum(v => (double)v), 5);
        double sum = x.Sum(v => Math.Exp(Math.Clamp(v, 0, 0.5f)));
        Assert.Equal(Math.Exp(Math.Clamp(x[5], 0, 0.5f)) / sum, y[5], 6);
    }

    /// <summary>
    /// Adds what the passes remove: an Identity, a Dropout, a Cast to the same type, a Constant, a
    /// per-channel Add after a convolution, and dead ends.
    /// </summary>
    private static Graph Decorate(Graph graph)
    {
        var last = graph.Nodes[^1];
        string output = last.Output;
        last.Outputs[0] = "before";
        graph.Add(new Node("Identity", "identity", ["before"], ["through"]));
        graph.Add(new Node("Constant", "constant", [], ["one"]).With("value", Tensor.Scalar(1f)));
        graph.Add(new Node("Identity", "alias", ["one"], ["alias.out"]));
        graph.Add(new Node("Add", "add.one", ["through", "alias.out"], ["plus"]));
        graph.Add(new Node("Cast", "cast", ["plus"], ["cast.out"]).With("to", (long)ElementType.Float32));
        graph.Add(new Node("Dropout", "dropout", ["cast.out"], [output]));
        graph.Add(new Node("Relu", "dead", ["before"], ["nobody"]));
        int at = graph.Nodes.FindIndex(n => n.OpType == "Conv");
        var conv = graph.Nodes[at];
        string y = conv.Output;
        int channels = graph.Initializers[conv.Inputs[1]].Shape[0];
        conv.Outputs[0] = "conv.only";
        graph.Initializers["shift"] = Tensor.From<float>(new Shape(1, channels, 1, 1), [.. Enumerable.Range(0, channels).Select(i => i * 0.01f)]);
        graph.Nodes.Insert(at + 1, new Node("Add", "shift.add", ["conv.only", "shift"], [y]));
        return graph;
    }
}
