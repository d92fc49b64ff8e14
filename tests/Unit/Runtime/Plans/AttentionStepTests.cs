using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>Attention as exporters write it becomes one step, whatever its heads, mask and scale.</summary>
public class AttentionStepTests
{
    [Fact]
    public void Attention_in_any_of_its_forms_is_one_step_that_gives_what_the_references_give()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var graph = PassList.Run(Graph(random, out string form));
            float[][] inputs = [.. graph.Inputs.Select(i => Floats(random, i.Shape.ElementCount))];
            float[] expected = Run(new ReferenceEngine(graph), inputs);
            using var fused = new FusedEngine(graph, new EngineOptions { Threads = 1 + seed % 3 });
            Assert.True(fused.Plan.Steps.Count(static s => s.Operation == "Attention") == 1, $"seed {seed}: {form}");
            PlannerTests.AssertClose(expected, Run(fused, inputs), 1e-5, $"seed {seed}: {form}");
        }
    }

    [Fact]
    public void Heads_are_split_and_joined_without_a_copy()
    {
        var graph = Heads(1, 9, 9, 3, 8, isTransposed: false, "none");
        using var fused = new FusedEngine(PassList.Run(graph), new EngineOptions());
        Assert.Equal(["Attention"], fused.Plan.Steps.Select(static s => s.Operation));
    }

    /// <summary>One product for queries, keys and values, taken apart by indices, the queries scaled: as torchvision's Swin has it.</summary>
    [Fact]
    public void Parts_of_one_product_are_read_where_they_lie()
    {
        const int Batch = 3, Tokens = 9, Heads = 2, Depth = 8;
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(Batch, Tokens, 3 * Heads * Depth)));
        graph.Add(new Node("Reshape", "split", ["x", graph.Add("shape", Tensor.Vector<long>(Batch, Tokens, 3, Heads, Depth))], ["s"]));
        graph.Add(new Node("Transpose", "parts", ["s"], ["p"]).With("perm", new long[] { 2, 0, 3, 1, 4 }));
        string Part(long i) =>
            graph.Add(new Node("Gather", $"part{i}", ["p", graph.Add($"i{i}", Tensor.Scalar(i))], [$"part{i}"]).With("axis", 0L));
        string q = graph.Add(new Node("Mul", "scale", [Part(0), graph.Add("by", Tensor.Scalar(0.35f))], ["q"]));
        string k = graph.Add(new Node("Transpose", "swap", [Part(1)], ["k"]).With("perm", new long[] { 0, 1, 3, 2 }));
        graph.Add(new Node("MatMul", "scores", [q, k], ["scores"]));
        float[] places = Floats(new Random(7), Heads * Tokens * Tokens);
        string at = graph.Add("places", Tensor.From<float>(new Shape(1, Heads, Tokens, Tokens), places));
        graph.Add(new Node("Add", "place", ["scores", at], ["placed"]));
        graph.Add(new Node("Softmax", "softmax", ["placed"], ["w"]).With("axis", -1L));
        graph.Add(new Node("MatMul", "mixed", ["w", Part(2)], ["m"]));
        graph.Add(new Node("Transpose", "tokens", ["m"], ["y"]).With("perm", new long[] { 0, 2, 1, 3 }));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(Batch, Tokens, Heads, Depth)));
        float[][] inputs = [Floats(new Random(1), Batch * Tokens * 3 * Heads * Depth)];
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.Equal(["Attention"], fused.Plan.Steps.Select(static s => s.Operation));
        PlannerTests.AssertClose(Run(new ReferenceEngine(graph), inputs), Run(fused, inputs), 1e-5, "parts");
    }

    /// <summary>Weights that someone else reads, a softmax along another axis, a mask that is spread along the keys.</summary>
    [Theory]
    [InlineData("read twice"), InlineData("an output"), InlineData("other axis"), InlineData("one mask for all keys")]
    public void Other_products_around_a_softmax_stay_steps_of_their_own(string kind)
    {
        var graph = new Graph();
        foreach (string name in new[] { "q", "k", "v" }) graph.Inputs.Add(new(name, ElementType.Float32, new Shape(2, 7, 7)));
        string s = graph.Add(new Node("MatMul", "scores", ["q", "k"], ["s"]));
        string m = graph.Add("m", Tensor.From<float>(new Shape(7, 1), Floats(new Random(1), 7)));
        if (kind == "one mask for all keys") s = graph.Add(new Node("Add", "mask", [s, m], ["masked"]));
        string w = graph.Add(new Node("Softmax", "softmax", [s], ["w"]).With("axis", kind == "other axis" ? 1L : 2L));
        string y = graph.Add(new Node("MatMul", "mixed", [w, "v"], ["y"]));
        if (kind == "read twice") y = graph.Add(new Node("Add", "add", [y, w], ["z"]));
        graph.Outputs.Add(new(y, ElementType.Float32, new Shape(2, 7, 7)));
        if (kind == "an output") graph.Outputs.Add(new(w, ElementType.Float32, new Shape(2, 7, 7)));
        float[][] inputs = [.. graph.Inputs.Select((i, n) => Floats(new Random(n), i.Shape.ElementCount))];
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.DoesNotContain(fused.Plan.Steps, static step => step.Operation == "Attention");
        PlannerTests.AssertClose(Run(new ReferenceEngine(graph), inputs), Run(fused, inputs), 1e-5, kind);
    }

    private static Graph Graph(Random random, out string form)
    {
        string mask = new[] { "none", "none", "causal", "batch", "heads", "keys" }[random.Next(6)];
        int batch = random.Next(1, 3), queries = random.Next(3) == 0 ? random.Next(1, 4) : random.Next(1, 30);
        int keys = mask == "causal" ? queries : random.Next(1, 40), heads = random.Next(1, 4), depth = random.Next(1, 20);
        bool isTransposed = random.Next(2) == 0;
        form = $"{batch}x{heads} heads, {queries} queries, {keys} keys of {depth}, mask {mask}, keys transposed at once {isTransposed}";
        return Heads(batch, queries, keys, heads, depth, isTransposed, mask, random.Next(4));
    }

    private static Graph Heads(int batch, int queries, int keys, int heads, int depth, bool isTransposed, string mask, int scaled = 0)
    {
        var graph = new Graph();
        string Split(string name, int rows, params long[] perm)
        {
            graph.Inputs.Add(new(name, ElementType.Float32, new Shape(batch, rows, heads * depth)));
            string shape = graph.Add($"{name}.shape", Tensor.Vector<long>(batch, rows, heads, depth));
            graph.Add(new Node("Reshape", $"{name}.split", [name, shape], [$"{name}.rows"]));
            return graph.Add(new Node("Transpose", $"{name}.heads", [$"{name}.rows"], [$"{name}.h"]).With("perm", perm));
        }

        string q = Split("q", queries, 0, 2, 1, 3), v = Split("v", keys, 0, 2, 1, 3);
        string k = isTransposed ? Split("k", keys, 0, 2, 3, 1) : graph.Add(
            new Node("Transpose", "k.swap", [Split("k", keys, 0, 2, 1, 3)], ["k.t"]).With("perm", new long[] { 0, 1, 3, 2 }));
        string s = graph.Add(new Node("MatMul", "scores", [q, k], ["s"]));
        string by = graph.Add("by", Tensor.Scalar(scaled == 2 ? 2f : 0.5f));
        if (scaled == 1) s = graph.Add(new Node("Mul", "scale", [by, s], ["scaled"]));
        if (scaled == 2) s = graph.Add(new Node("Div", "scale", [s, by], ["scaled"]));
        if (mask != "none")
        {
            int[] shape = mask switch
            {
                "causal" => [1, 1, queries, keys],
                "batch" => [batch, 1, 1, keys],
                "heads" => [heads, queries, keys],
                _ => [keys],
            };
            string m = "mask";
            if (mask == "causal")
                graph.Add(m, Tensor.From<float>(
                    new Shape(shape), [.. Enumerable.Range(0, queries * keys).Select(i => i % keys <= i / keys ? 0 : float.NegativeInfinity)]));
            else graph.Inputs.Add(new(m, ElementType.Float32, new Shape(shape)));
            s = graph.Add(new Node("Add", "add", scaled == 1 ? [m, s] : [s, m], ["masked"]));
        }

        graph.Add(new Node("Softmax", "softmax", [s], ["w"]).With("axis", -1L));
        graph.Add(new Node("MatMul", "mixed", ["w", v], ["m"]));
        graph.Add(new Node("Transpose", "tokens", ["m"], ["t"]).With("perm", new long[] { 0, 2, 1, 3 }));
        graph.Add(new Node("Reshape", "join", ["t", graph.Add("joined", Tensor.Vector<long>(batch, queries, heads * depth))], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(batch, queries, heads * depth)));
        return graph;
    }

    private static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 4 - 2)];

    private static float[] Run(IEngine engine, float[][] inputs)
    {
        using (engine)
        {
            for (int i = 0; i < inputs.Length; i++) engine.SetInput<float>(i, inputs[i]);
            engine.Run();
            float[] y = new float[engine.Outputs[0].Shape.ElementCount];
            engine.GetOutput<float>(0, y);
            return y;
        }
    }
}
