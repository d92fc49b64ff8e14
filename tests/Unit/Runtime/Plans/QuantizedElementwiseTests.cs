using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>Functions of quantised values, however a network writes them: the bits of a literal evaluation, in one step.</summary>
public class QuantizedElementwiseTests
{
    private static readonly Shape Picture = new(1, 6, 5, 7);

    public static TheoryData<string> Chains => [.. Written.Keys];

    // Each takes a graph and the DequantizeLinear of x for each reader.
    private static readonly Dictionary<string, Func<Graph, Func<string>, string>> Written = new()
    {
        ["SiLU"] = static (g, x) => Node(g, "Mul", x(), Node(g, "Sigmoid", x())),
        ["HardSwish"] = static (g, x) => Node(g, "Div", Node(g, "Mul", x(), Clip(g, Node(g, "Add", x(), Number(g, 3)), 0, 6)), Number(g, 6)),
        ["Gelu"] = static (g, x) => Node(g, "Mul",
            Node(g, "Mul", x(), Node(g, "Add", Node(g, "Erf", Node(g, "Div", x(), Number(g, 1.4142135f))), Number(g, 1))), Number(g, 0.5f)),
        ["Mish"] = static (g, x) => Node(g, "Mul", x(), Node(g, "Tanh", Node(g, "Softplus", x()))),
        ["OneMinusSigmoid"] = static (g, x) => Node(g, "Sub", Number(g, 1), Node(g, "Sigmoid", x())),
        ["Square"] = static (g, x) => Node(g, "Pow", x(), Number(g, 2)),
        ["Twice"] = static (g, x) => Node(g, "Add", x(), x()),
        ["LeakyAsMax"] = static (g, x) => Node(g, "Max", x(), Node(g, "Mul", x(), Number(g, 0.125f))),
    };

    [Theory, MemberData(nameof(Chains))]
    public void A_function_of_one_quantised_value_is_one_table(string name)
    {
        foreach (bool isShared in new[] { false, true })
        {
            var graph = Start();
            string once = Pair(graph, "x", 0.031f, 121), quantized = graph.Nodes.Find(n => n.Output == once)!.Inputs[0];
            string y = Written[name](graph, isShared ? () => once : () => Dequantize(graph, quantized, 0.031f, 121));
            Return(graph, Pair(graph, y, 0.019f, 77));
            var steps = AssertLiteral(graph);
            Assert.Single(steps, static s => s.StartsWith("UnaryInt8", StringComparison.Ordinal));
            Assert.DoesNotContain(steps, static s => s.Contains("Fp32", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_is_inside_a_function_is_computed_where_somebody_else_reads_it()
    {
        var graph = Start();
        string x = Pair(graph, "x", 0.031f, 121), gate = Node(graph, "Sigmoid", x);
        Return(graph, Pair(graph, Node(graph, "Mul", x, gate), 0.019f, 77));
        Return(graph, gate);
        Assert.Single(AssertLiteral(graph), static s => s.StartsWith("UnaryFp32", StringComparison.Ordinal));
    }

    [Fact]
    public void A_function_of_two_values_is_no_table()
    {
        var graph = Start();
        string x = Pair(graph, "x", 0.031f, 121), other = Pair(graph, Node(graph, "Tanh", x), 0.0078f, 128);
        Return(graph, Pair(graph, Node(graph, "Mul", x, Node(graph, "Sigmoid", other)), 0.019f, 77));
        Assert.DoesNotContain(AssertLiteral(graph), static s => s.StartsWith("BinaryInt8", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Mul", new[] { 1, 6, 1, 1 }), InlineData("Mul", new[] { 1, 6, 5, 7 }), InlineData("Mul", new[] { 1, 1, 5, 7 })]
    [InlineData("Sub", new[] { 1, 6, 5, 7 }), InlineData("Max", new[] { 1, 1, 1, 1 }), InlineData("Min", new[] { 6, 1, 1 })]
    [InlineData("Add", new[] { 1, 6, 1, 1 })]
    public void Two_quantised_values_are_combined_in_one_step(string name, int[] shape)
    {
        foreach (bool isClamped in new[] { false, true })
        {
            var graph = Start();
            graph.Inputs.Add(new("gate", ElementType.Float32, new Shape(shape)));
            string y = Node(graph, name, Pair(graph, "x", 0.031f, 121), Pair(graph, "gate", 0.0147f, 60));
            if (isClamped) y = Clip(graph, y, 0, 0.5f);
            Return(graph, Pair(graph, y, 0.019f, 77));
            Assert.Single(AssertLiteral(graph), static s => s.StartsWith("BinaryInt8", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(new[] { 6, 1, 1 }), InlineData(new[] { 1 }), InlineData(new[] { 6, 5, 7 })]
    public void Slopes_of_a_PRelu_stay_float(int[] shape)
    {
        var graph = Start();
        float[] slopes = [.. Enumerable.Range(0, new Shape(shape).ElementCount).Select(static i => i % 5 * 0.11f - 0.1f)];
        string slope = graph.Add("slope", Tensor.From<float>(new Shape(shape), slopes));
        Return(graph, Pair(graph, Node(graph, "PRelu", Pair(graph, "x", 0.031f, 121), slope), 0.019f, 77));
        Assert.DoesNotContain(AssertLiteral(graph), static s => s.Contains("Fp32", StringComparison.Ordinal));
    }

    private static string[] AssertLiteral(Graph graph)
    {
        var random = new Random(5);
        float[] Values(TensorInfo input) => [.. Enumerable.Range(0, input.Shape.ElementCount).Select(_ => random.NextSingle() * 9 - 4.5f)];
        float[][] inputs = [.. graph.Inputs.Select(Values)];
        using var fused = new FusedEngine(graph, new EngineOptions { Threads = 2 });
        Assert.Equal(Run(new ReferenceEngine(graph), inputs), Run(fused, inputs));
        using var again = new FusedEngine(graph, new EngineOptions());
        return [.. again.Plan.Steps.Select(static s => s.Kernel.Name)];
    }

    private static float[][] Run(IEngine engine, float[][] inputs)
    {
        using (engine)
        {
            for (int i = 0; i < inputs.Length; i++) engine.SetInput<float>(i, inputs[i]);
            engine.Run();
            float[][] outputs = [.. engine.Outputs.Select(static o => new float[o.Shape.ElementCount])];
            for (int i = 0; i < outputs.Length; i++) engine.GetOutput<float>(i, outputs[i]);
            return outputs;
        }
    }

    private static Graph Start()
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, Picture));
        return graph;
    }

    private static void Return(Graph graph, string value) => graph.Outputs.Add(new(value, ElementType.Float32, Picture));

    private static string Node(Graph graph, string type, params string[] inputs)
    {
        string name = $"{type}{graph.Nodes.Count}";
        return graph.Add(new Node(type, name, inputs, [name + ".out"]));
    }

    private static string Number(Graph graph, float value) => graph.Add($"number{graph.Initializers.Count}", Tensor.Scalar(value));

    private static string Clip(Graph graph, string x, float low, float high) => Node(graph, "Clip", x, Number(graph, low), Number(graph, high));

    private static string Pair(Graph graph, string x, float scale, byte zeroPoint)
    {
        string zero = graph.Add($"zero{graph.Initializers.Count}", Tensor.Scalar(zeroPoint));
        return Dequantize(graph, Node(graph, "QuantizeLinear", x, Number(graph, scale), zero), scale, zeroPoint);
    }

    private static string Dequantize(Graph graph, string quantized, float scale, byte zeroPoint)
    {
        string zero = graph.Add($"zero{graph.Initializers.Count}", Tensor.Scalar(zeroPoint));
        return Node(graph, "DequantizeLinear", quantized, Number(graph, scale), zero);
    }
}
