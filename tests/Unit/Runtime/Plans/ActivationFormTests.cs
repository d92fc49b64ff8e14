using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>The ways in which exporters write functions that have no operator of their own.</summary>
public class ActivationFormTests
{
    private const float RootTwo = 1.41421354f, RootTwoOverPi = 0.7978846f, Cubic = 0.044715f;
    private static readonly Shape Shape = new(2, 3, 41);
    private static readonly float[] Input =
    [
        0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e-30f, -1e-30f, 90, -90, 1000, -1000,
        .. Enumerable.Range(0, Shape.ElementCount - 11).Select(static i => (i - 117) * 0.05f),
    ];

    public static TheoryData<string, string, Func<Graph, string>> Forms => new()
    {
        { "Gelu", "x/√2, half last", static g => Times(g, Times(g, "x", OnePlus(g, Erf(g, Over(g, "x", RootTwo)))), 0.5f) },
        { "Gelu", "x·√½, half x first", static g => Times(g, Times(g, "x", 0.5f), OnePlus(g, Erf(g, Times(g, "x", 1 / RootTwo)))) },
        { "Gelu", "half the gate", static g => Times(g, "x", Times(g, OnePlus(g, Erf(g, Over(g, "x", RootTwo))), 0.5f)) },
        { "Gelu", "halves within", static g => Times(g, "x", Plus(g, Times(g, Erf(g, Over(g, "x", RootTwo)), 0.5f), 0.5f)) },
        { "Gelu", "over two", static g => Over(g, Times(g, OnePlus(g, Erf(g, Over(g, "x", RootTwo))), "x"), 2) },
        { "Gelu", "tanh of Pow", static g => ByTanh(g, Node(g, "Pow", "x", Number(g, 3))) },
        { "Gelu", "tanh of products", static g => ByTanh(g, Times(g, Times(g, "x", "x"), "x")) },
        { "Gelu", "tanh of a square within", static g => Times(g, Times(g, "x", 0.5f), OnePlus(g, Node(g, "Tanh", Times(g,
            Times(g, "x", RootTwoOverPi), OnePlus(g, Times(g, Times(g, "x", "x"), Cubic)))))) },
        { "Silu", "sigmoid", static g => Times(g, "x", Node(g, "Sigmoid", "x")) },
        { "Silu", "sigmoid first", static g => Times(g, Node(g, "Sigmoid", "x"), "x") },
        { "QuickGelu", "1.702", static g => Times(g, "x", Node(g, "Sigmoid", Times(g, "x", 1.702f))) },
        { "HardSwish", "HardSigmoid", static g => Times(g, "x", Node(g, "HardSigmoid", n => n.With("alpha", 1 / 6f).With("beta", 0.5f), "x")) },
        { "HardSwish", "clip, over six last", static g => Over(g, Times(g, "x", Clip6(g)), 6) },
        { "HardSwish", "clip over six", static g => Times(g, "x", Over(g, Clip6(g), 6)) },
        { "HardSwish", "clip by a sixth", static g => Times(g, Times(g, Clip6(g), 1 / 6f), "x") },
        { "Mish", "tanh of softplus", static g => Times(g, "x", Node(g, "Tanh", Node(g, "Softplus", "x"))) },
    };

    [Theory, MemberData(nameof(Forms))]
    public void A_function_of_several_nodes_is_one_step(string name, string form, Func<Graph, string> write)
    {
        var graph = Written(write);
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.Equal([name], fused.Plan.Steps.Select(static s => s.Operation));
        Assert.StartsWith("UnaryFp32", fused.Plan.Steps[0].Kernel.Name, StringComparison.Ordinal);
        float[] expected = PlannerTests.Run(new ReferenceEngine(graph), Input);
        float[] actual = PlannerTests.Run(new FusedEngine(graph, new EngineOptions { Threads = 2 }), Input);
        for (int i = 0; i < Input.Length; i++)
        {
            Assert.True(
                expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= 5e-7 * Math.Max(1, Math.Abs(Input[i])),
                $"{form} of {Input[i]:R} is {actual[i]:R}, not {expected[i]:R}");
        }
    }

    [Theory, MemberData(nameof(Forms))]
    public void A_quantised_function_of_several_nodes_is_a_table_with_the_bits_of_a_literal_evaluation(
        string name, string form, Func<Graph, string> write)
    {
        var graph = Written(g => Pair(g, write(g), "y", 0.031f, 77), static g => Pair(g, "input", "x", 0.0471f, 117));
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.True(fused.Plan.Steps.Count(static s => s.Kernel.Name.StartsWith("UnaryInt8", StringComparison.Ordinal)) == 1, $"{name}: {form}");
        Assert.DoesNotContain(fused.Plan.Steps, static s => s.Kernel.Name.StartsWith("UnaryFp32", StringComparison.Ordinal));
        Assert.Equal(PlannerTests.Run(new ReferenceEngine(graph), Input), PlannerTests.Run(new FusedEngine(graph, new EngineOptions()), Input));
    }

    public static TheoryData<string, Func<Graph, string>> Others => new()
    {
        { "another root", static g => Times(g, Times(g, "x", OnePlus(g, Erf(g, Over(g, "x", 1.5f)))), 0.5f) },
        { "another half", static g => Times(g, Times(g, "x", OnePlus(g, Erf(g, Over(g, "x", RootTwo)))), 0.25f) },
        { "another one", static g => Times(g, Times(g, "x", Plus(g, Erf(g, Over(g, "x", RootTwo)), 2)), 0.5f) },
        { "another cubic", static g => ByTanh(g, Node(g, "Pow", "x", Number(g, 2))) },
        { "another value", static g => Times(g, Node(g, "Relu", "x"), Node(g, "Sigmoid", "x")) },
        { "another clip", static g => Over(g, Times(g, "x", Clip6(g)), 5) },
        { "a gate that others read", static g =>
            {
                string gate = Node(g, "Sigmoid", "x");
                g.Outputs.Add(new(Node(g, "Relu", gate), ElementType.Undefined, default));
                return Times(g, "x", gate);
            }
        },
        { "a gate that the caller gets", static g =>
            {
                string gate = Node(g, "Sigmoid", "x");
                g.Outputs.Add(new(gate, ElementType.Undefined, default));
                return Times(g, "x", gate);
            }
        },
        { "one number for each place", static g => Times(g, "x", Node(g, "Sigmoid", Times(g, "x",
            g.Add("each", Tensor.From<float>(new Shape(41), [.. Enumerable.Range(0, 41).Select(static i => i * 0.1f)]))))) },
    };

    [Theory, MemberData(nameof(Others))]
    public void What_is_something_else_stays(string what, Func<Graph, string> write)
    {
        var graph = Written(write);
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.True(fused.Plan.Steps.Length > 1, what);
        float[] expected = PlannerTests.RunAll(new ReferenceEngine(graph), Input);
        float[] actual = PlannerTests.RunAll(new FusedEngine(graph, new EngineOptions()), Input);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= 1e-6 * Math.Max(1, Math.Abs(expected[i])), what);
    }

    private static Graph Written(Func<Graph, string> write, Action<Graph>? before = null)
    {
        var graph = new Graph { IsConverted = true };
        graph.Inputs.Add(new TensorInfo(before is null ? "x" : "input", ElementType.Float32, Shape));
        before?.Invoke(graph);
        string y = write(graph);
        graph.Outputs.Add(new TensorInfo(y, ElementType.Undefined, default));
        return graph;
    }

    private static string Pair(Graph g, string x, string y, float scale, byte zeroPoint)
    {
        string step = Number(g, scale), zero = g.Add($"{y}.zero", Tensor.Scalar(zeroPoint));
        g.Add(new Node("QuantizeLinear", $"{y}.quantize", [x, step, zero], [$"{y}.integers"]));
        return g.Add(new Node("DequantizeLinear", $"{y}.dequantize", [$"{y}.integers", step, zero], [y]));
    }

    private static string ByTanh(Graph g, string power) => Times(g, Times(g, "x", 0.5f),
        OnePlus(g, Node(g, "Tanh", Times(g, Plus(g, "x", Times(g, power, Cubic)), RootTwoOverPi))));

    private static string Clip6(Graph g) => Node(g, "Clip", Plus(g, "x", 3), Number(g, 0), Number(g, 6));

    private static string Erf(Graph g, string x) => Node(g, "Erf", x);

    private static string OnePlus(Graph g, string x) => Plus(g, x, 1);

    private static string Plus(Graph g, string x, float number) => Node(g, "Add", x, Number(g, number));

    private static string Plus(Graph g, string a, string b) => Node(g, "Add", a, b);

    private static string Times(Graph g, string x, float number) => Node(g, "Mul", Number(g, number), x);

    private static string Times(Graph g, string a, string b) => Node(g, "Mul", a, b);

    private static string Over(Graph g, string x, float number) => Node(g, "Div", x, Number(g, number));

    private static string Number(Graph g, float number) => g.Add($"number{g.Initializers.Count}", Tensor.Scalar(number));

    private static string Node(Graph g, string opType, params string[] inputs) => Node(g, opType, static n => n, inputs);

    private static string Node(Graph g, string opType, Func<Node, Node> with, params string[] inputs) =>
        g.Add(with(new Node(opType, $"n{g.Nodes.Count}", inputs, [$"n{g.Nodes.Count}.out"])));
}
