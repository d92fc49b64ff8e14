using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>Recurrent layers on the planned engine against the operator's reference, which computes in float64.</summary>
public class RecurrentStepTests
{
    private const string Kernel = "RecurrentFp32";
    private static readonly string[] Functions =
        ["Relu", "Tanh", "Sigmoid", "Affine", "LeakyRelu", "ThresholdedRelu", "ScaledTanh", "HardSigmoid", "Elu", "Softsign", "Softplus"];

    [Theory]
    [InlineData(OpTypes.RNN, 1), InlineData(OpTypes.GRU, 3), InlineData(OpTypes.LSTM, 4)]
    public void Every_form_of_a_layer_gives_what_its_reference_gives(string op, int gates)
    {
        for (int seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var graph = Layer(op, gates, random);
            var expected = Run(new ReferenceEngine(graph), new Random(seed));
            var engine = new FusedEngine(graph, new EngineOptions { Threads = 1 + seed % 2 });
            Assert.Contains(engine.Plan.Steps, static s => s.Kernel.Name.StartsWith(Kernel, StringComparison.Ordinal));
            var found = Run(engine, new Random(seed));
            for (int i = 0; i < expected.Length; i++) PlannerTests.AssertClose(expected[i], found[i], 2e-5, $"seed {seed}, {graph.Outputs[i].Name}");
        }
    }

    [Fact]
    public void Computed_weights_are_left_to_the_reference()
    {
        var graph = Layer(OpTypes.LSTM, 4, new Random(3));
        var w = graph.Initializers["w"];
        graph.Initializers.Remove("w");
        graph.Inputs.Add(new TensorInfo("w", w.Type, w.Shape));
        using var engine = new FusedEngine(graph, new EngineOptions());
        Assert.DoesNotContain(engine.Plan.Steps, static s => s.Kernel.Name.StartsWith(Kernel, StringComparison.Ordinal));
    }

    [Fact]
    public void Lengths_that_are_all_the_number_of_steps_are_not_read()
    {
        var graph = Layer(OpTypes.GRU, 3, new Random(1));
        var node = graph.Nodes[0];
        while (node.Inputs.Count < 5) node.Inputs.Add("");
        var x = graph.Inputs[0].Shape;
        bool batchFirst = node.Attributes.Int("layout", 0) != 0;
        node.Inputs[4] = "whole";
        graph.Inputs.RemoveAll(static i => i.Name == "lens");
        graph.Add("whole", Tensor.From<int>(new Shape(x[batchFirst ? 0 : 1]), [.. Enumerable.Repeat(x[batchFirst ? 1 : 0], x[batchFirst ? 0 : 1])]));
        using var engine = new FusedEngine(graph, new EngineOptions());
        string[] kernels = [.. engine.Plan.Steps.Select(static s => s.Kernel.Name)];
        Assert.Equal(2, kernels.Length);
    }

    private static Graph Layer(string op, int gates, Random random)
    {
        int steps = random.Next(1, 5), batch = random.Next(1, 7), inputs = random.Next(1, 9), hidden = random.Next(1, 20);
        int directions = random.Next(1, 3);
        bool isLstm = op == OpTypes.LSTM, batchFirst = random.Next(2) == 0;
        var graph = new Graph();
        var node = new Node(op, "layer", ["x", "w", "r"], ["y", "y_h"]);
        Shape state = batchFirst ? new Shape(batch, directions, hidden) : new Shape(directions, batch, hidden);
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, batchFirst ? new Shape(batch, steps, inputs) : new Shape(steps, batch, inputs)));
        graph.Add("w", Noise(random, directions, gates * hidden, inputs));
        graph.Add("r", Noise(random, directions, gates * hidden, hidden));
        node.Inputs.Add(Maybe(random, () => graph.Add("b", Noise(random, directions, 2 * gates * hidden)), "b"));
        node.Inputs.Add(Maybe(random, () => graph.Inputs.Add(new TensorInfo("lens", ElementType.Int32, new Shape(batch))), "lens"));
        node.Inputs.Add(Maybe(random, () => graph.Inputs.Add(new TensorInfo("h0", ElementType.Float32, state)), "h0"));
        if (isLstm)
        {
            node.Inputs.Add(Maybe(random, () => graph.Inputs.Add(new TensorInfo("c0", ElementType.Float32, state)), "c0"));
            node.Inputs.Add(Maybe(random, () => graph.Add("p", Noise(random, directions, 3 * hidden)), "p"));
            node.Outputs.Add("y_c");
            if (random.Next(3) == 0) node.With("input_forget", 1L);
        }

        if (op == OpTypes.GRU && random.Next(2) == 0) node.With("linear_before_reset", 1L);
        if (batchFirst) node.With("layout", 1L);
        if (random.Next(3) == 0) node.With("clip", 0.7f);
        node.With("direction", directions == 2 ? "bidirectional" : random.Next(2) == 0 ? "forward" : "reverse");
        int functions = directions * (isLstm ? 3 : op == OpTypes.GRU ? 2 : 1);
        if (random.Next(2) == 0)
            node.With("activations", Enumerable.Range(0, functions).Select(_ => Functions[random.Next(Functions.Length)]).ToArray());
        if (!batchFirst && random.Next(4) == 0) node.Outputs[0] = "";
        graph.Add(node);
        Shape sequence = batchFirst ? new Shape(batch, steps, directions, hidden) : new Shape(steps, directions, batch, hidden);
        foreach (string output in node.Outputs.Where(static o => o.Length > 0))
            graph.Outputs.Add(new TensorInfo(output, ElementType.Float32, output == "y" ? sequence : state));
        return graph;
    }

    private static string Maybe(Random random, Action add, string name)
    {
        if (random.Next(2) == 0) return "";
        add();
        return name;
    }

    private static Tensor Noise(Random random, params int[] shape)
    {
        var dimensions = new Shape(shape);
        return Tensor.From<float>(dimensions, [.. Enumerable.Range(0, dimensions.ElementCount).Select(_ => random.NextSingle() - 0.5f)]);
    }

    private static float[][] Run(IEngine engine, Random random)
    {
        using (engine)
        {
            for (int i = 0; i < engine.Inputs.Count; i++)
            {
                var (info, count) = (engine.Inputs[i], engine.Inputs[i].Shape.ElementCount);
                if (info.Type == ElementType.Int32)
                    engine.SetInput<int>(i, [.. Enumerable.Range(0, count).Select(_ => random.Next(2))]);
                else
                    engine.SetInput<float>(i, [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)]);
            }

            engine.Run();
            return [.. engine.Outputs.Select((info, i) =>
            {
                float[] values = new float[info.Shape.ElementCount];
                engine.GetOutput<float>(i, values);
                return values;
            })];
        }
    }
}
