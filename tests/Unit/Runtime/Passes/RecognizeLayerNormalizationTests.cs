using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Runtime.Passes;

public class RecognizeLayerNormalizationTests
{
    private static readonly Shape Shape = new(2, 3, 5);

    [Theory]
    [InlineData(true, true, true, false), InlineData(false, true, true, true)]
    [InlineData(true, true, false, true), InlineData(false, false, false, false)]
    public void The_arithmetic_of_a_layer_normalisation_becomes_one(bool isPower, bool hasScale, bool hasBias, bool isTwice)
    {
        var graph = Decomposed(isPower, hasScale, hasBias, isTwice);
        float[] expected = Run(graph);
        var after = graph.Clone();
        Assert.True(new RecognizeLayerNormalization().Run(after));
        Assert.False(new RecognizeLayerNormalization().Run(after));
        new EliminateDeadNodes().Run(after);
        var norm = Assert.Single(after.Nodes);
        Assert.Equal((OpTypes.LayerNormalization, hasBias ? 3 : 2, 2L), (norm.OpType, norm.Inputs.Count, norm.Attributes.Int("axis", 0)));
        float[] found = Run(after);
        for (int i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 1e-5f);
    }

    public static TheoryData<string, Action<Graph>> Others => new()
    {
        { "other axes of the variance", static g => Node(g, "variance").Attributes["axes"] = new long[] { 1 } },
        { "axes that are not the last", static g => SetAxes(g, 1) },
        { "axes that go", static g =>
            {
                Node(g, "mean").Inputs[0] = Node(g, "centered").Inputs[0] = "x";
                Node(g, "centered").Inputs[1] = "other.mean";
                g.Initializers["other.mean"] = Tensor.Scalar(0.25f);
            }
        },
        { "a mean of something else", static g =>
            {
                g.Nodes.Insert(0, new Node("Relu", "relu", ["x"], ["positive"]));
                Node(g, "mean").Inputs[0] = "positive";
            }
        },
        { "another power", static g => g.Initializers["two"] = Tensor.Scalar(4f) },
        { "an epsilon below zero", static g => g.Initializers["epsilon"] = Tensor.Scalar(-1e-5f) },
        { "an epsilon of each line", static g => g.Initializers["epsilon"] = Tensor.From<float>(new Shape(3, 1), [1, 2, 3]) },
        { "a difference the other way round", static g => Node(g, "centered").Inputs.Reverse() },
    };

    [Theory, MemberData(nameof(Others))]
    public void What_is_something_else_stays(string what, Action<Graph> change)
    {
        var graph = Decomposed(isPower: true, hasScale: true, hasBias: true, isTwice: false);
        change(graph);
        Assert.False(new RecognizeLayerNormalization().Run(graph), what);
    }

    [Fact]
    public void A_scale_that_is_read_twice_or_of_another_shape_stays_an_operator()
    {
        var read = Decomposed(isPower: true, hasScale: true, hasBias: false, isTwice: false);
        read.Add(new Node("Relu", "relu", ["standard"], ["positive"]));
        read.Outputs.Add(new TensorInfo("positive", ElementType.Float32, Shape));
        var shaped = Decomposed(isPower: true, hasScale: true, hasBias: false, isTwice: false);
        shaped.Initializers["scale"] = Tensor.From<float>(new Shape(3, 1), [1, 2, 3]);
        foreach (var graph in new[] { read, shaped })
        {
            float[] expected = Run(graph);
            Assert.True(new RecognizeLayerNormalization().Run(graph));
            Assert.Contains(graph.Nodes, static n => n.OpType == OpTypes.Mul);
            float[] found = Run(graph);
            for (int i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 1e-5f);
        }
    }

    private static void SetAxes(Graph graph, long axis)
    {
        foreach (string name in new[] { "mean", "variance" }) Node(graph, name).Attributes["axes"] = new[] { axis };
    }

    private static Node Node(Graph graph, string name) => graph.Nodes.Find(n => n.Name == name)!;

    private static Graph Decomposed(bool isPower, bool hasScale, bool hasBias, bool isTwice)
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, Shape));
        graph.Add("two", Tensor.Scalar(2f));
        graph.Add("epsilon", Tensor.Scalar(0.01f));
        graph.Add("scale", Tensor.Vector(1f, -2, 3, 0.5f, 4));
        graph.Add("bias", Tensor.Vector(0.5f, 2, -3, 1, 0));
        graph.Add(new Node("ReduceMean", "mean", ["x"], ["mean"]).With("axes", new long[] { -1 }));
        graph.Add(new Node("Sub", "centered", ["x", "mean"], ["centered"]));
        string again = isTwice ? graph.Add(new Node("Sub", "again", ["x", "mean"], ["again"])) : "centered";
        graph.Add(isPower ? new Node("Pow", "square", [again, "two"], ["square"]) : new Node("Mul", "square", [again, again], ["square"]));
        graph.Add(new Node("ReduceMean", "variance", ["square"], ["variance"]).With("axes", new long[] { 2 }));
        graph.Add(new Node("Add", "sum", hasBias ? ["variance", "epsilon"] : ["epsilon", "variance"], ["sum"]));
        graph.Add(new Node("Sqrt", "root", ["sum"], ["root"]));
        string y = graph.Add(new Node("Div", "standard", ["centered", "root"], ["standard"]));
        if (hasScale) y = graph.Add(new Node("Mul", "scaled", hasBias ? ["scale", y] : [y, "scale"], ["scaled"]));
        if (hasBias) y = graph.Add(new Node("Add", "shifted", [y, "bias"], ["shifted"]));
        graph.Outputs.Add(new TensorInfo(y, ElementType.Float32, Shape));
        return graph;
    }

    private static float[] Run(Graph graph) =>
        PlannerTests.RunAll(new ReferenceEngine(graph), [.. Enumerable.Range(0, Shape.ElementCount).Select(static i => i * i % 17 * 0.3f - 2)]);
}
