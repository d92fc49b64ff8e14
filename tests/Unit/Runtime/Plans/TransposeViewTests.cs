using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;
using ResNetEdge.Plans;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>A Transpose moves elements only for a reader that needs them otherwise than they lie.</summary>
public class TransposeViewTests
{
    /// <summary>
    /// Reshape, Transpose, Slice, Split, Gather and Concat between steps of both layouts, float and quantised, read in the middle too.
    /// </summary>
    [Fact]
    public void Any_chain_of_axes_gives_what_the_references_give()
    {
        int copies = 0, transposes = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var graph = Chain(random);
            transposes += graph.Nodes.Count(static n => n.OpType == "Transpose");
            float[] x = [.. Enumerable.Range(0, graph.Inputs[0].Shape.ElementCount).Select(_ => random.NextSingle() * 8 - 4)];
            float[] expected = PlannerTests.RunAll(new ReferenceEngine(graph), x);
            var fused = new FusedEngine(graph, new EngineOptions { Threads = 1 + seed % 3 });
            copies += fused.Plan.Steps.Count(static s => s.Kernel.Name.StartsWith("StridedCopy", StringComparison.Ordinal));
            Assert.Equal(expected, PlannerTests.RunAll(fused, x));
        }

        Assert.InRange(copies, 100, 4 * transposes);
    }

    [Fact]
    public void Rows_of_channels_are_the_picture_itself()
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(2, 24, 5, 6)));
        string y = graph.Add(new Node("MaxPool", "pool", ["x"], ["pooled"]).With("kernel_shape", new long[] { 1, 1 }));
        y = graph.Add(new Node("Transpose", "last", [y], ["rows"]).With("perm", new long[] { 0, 2, 3, 1 }));
        y = graph.Add(new Node("LayerNormalization", "norm", [y, graph.Add("scale", Ones(24))], ["normed"]));
        y = graph.Add(new Node("Transpose", "first", [y], ["picture"]).With("perm", new long[] { 0, 3, 1, 2 }));
        y = graph.Add(new Node("Add", "add", [y, "pooled"], ["sum"]));
        y = graph.Add(new Node("GlobalAveragePool", "mean", [y], ["y"]));
        graph.Outputs.Add(new(y, ElementType.Float32, new Shape(2, 24, 1, 1)));
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.Equal(["MaxPool", "LayerNormalization", "Add", "GlobalAveragePool"], fused.Plan.Steps.Select(static s => s.Operation));
    }

    [Fact]
    public void Tokens_are_the_pixels_of_a_patch_embedding()
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1, 24, 5, 6)));
        graph.Add(new Node("MaxPool", "pool", ["x"], ["pooled"]).With("kernel_shape", new long[] { 1, 1 }));
        graph.Add(new Node("Reshape", "flat", ["pooled", graph.Add("shape", Tensor.Vector<long>(1, 24, -1))], ["flat"]));
        graph.Add(new Node("Transpose", "tokens", ["flat"], ["tokens"]).With("perm", new long[] { 0, 2, 1 }));
        graph.Add(new Node("Relu", "relu", ["tokens"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 30, 24)));
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.Equal(["MaxPool", "Relu"], fused.Plan.Steps.Select(static s => s.Operation));
    }

    /// <summary>A block as ConvNeXt has it: rows of channels between two Transposes, the residual Add beyond them.</summary>
    [Fact]
    public void A_product_takes_the_residual_behind_a_transpose()
    {
        foreach (int batch in new[] { 1, 2 })
        {
            var graph = new Graph();
            var shape = new Shape(batch, 24, 5, 6);
            graph.Inputs.Add(new("x", ElementType.Float32, shape));
            graph.Add(new Node("MaxPool", "pool", ["x"], ["pooled"]).With("kernel_shape", new long[] { 1, 1 }));
            graph.Add(new Node("Transpose", "last", ["pooled"], ["rows"]).With("perm", new long[] { 0, 2, 3, 1 }));
            float[] weights = [.. Enumerable.Range(0, 24 * 24).Select(static i => i % 13 * 0.1f - 0.6f)];
            graph.Add(new Node("MatMul", "linear", ["rows", graph.Add("w", Tensor.From<float>(new Shape(24, 24), weights))], ["made"]));
            graph.Add(new Node("Transpose", "first", ["made"], ["picture"]).With("perm", new long[] { 0, 3, 1, 2 }));
            graph.Add(new Node("Add", "add", ["picture", "pooled"], ["sum"]));
            graph.Add(new Node("GlobalAveragePool", "mean", ["sum"], ["y"]));
            graph.Outputs.Add(new("y", ElementType.Float32, new Shape(batch, 24, 1, 1)));
            var planned = PassList.Run(graph);
            float[] x = [.. Enumerable.Range(0, shape.ElementCount).Select(static i => i % 97 * 0.25f - 12)];
            using var fused = new FusedEngine(planned, new EngineOptions());
            Assert.Equal(3, fused.Plan.Steps.Length);
            Assert.Equal(1, fused.Plan.Steps.Sum(static s => s.FusedAdds));
            PlannerTests.AssertClose(
                PlannerTests.RunAll(new ReferenceEngine(graph), x), PlannerTests.RunAll(new FusedEngine(planned, new EngineOptions()), x), 1e-5,
                "sum");
        }
    }

    /// <summary>Windows of a transformer: what looks like a picture by its rank keeps its rows.</summary>
    [Fact]
    public void Rows_of_tokens_are_rolled_without_a_change_of_layout()
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1, 8, 6, 16)));
        string normed = graph.Add(new Node("LayerNormalization", "norm", ["x", graph.Add("scale", Ones(16))], ["normed"]));
        string Part(string name, long from, long to) => graph.Add(new Node("Slice", name,
            [normed, graph.Add($"{name}.from", Tensor.Vector<long>(from)), graph.Add($"{name}.to", Tensor.Vector<long>(to)),
                graph.Add($"{name}.axis", Tensor.Vector<long>(1))], [name]));
        graph.Add(new Node("Concat", "roll", [Part("tail", 3, 8), Part("head", 0, 3)], ["rolled"]).With("axis", 1L));
        graph.Add(new Node("Add", "add", ["rolled", "x"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 8, 6, 16)));
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.Equal(["LayerNormalization", "Concat", "Concat", "Add"], fused.Plan.Steps.Select(static s => s.Operation));
        float[] x = [.. Enumerable.Range(0, 768).Select(static i => i % 97 * 0.25f - 12)];
        PlannerTests.AssertClose(
            PlannerTests.RunAll(new ReferenceEngine(graph), x), PlannerTests.RunAll(new FusedEngine(graph, new EngineOptions()), x), 1e-6, "rolled");
    }

    [Theory]
    [InlineData(new[] { 2, 3, 4 }, new[] { 6, 4 }, true), InlineData(new[] { 2, 3, 4 }, new[] { 2, 12 }, true)]
    [InlineData(new[] { 2, 3, 4 }, new[] { 24 }, true), InlineData(new[] { 24 }, new[] { 2, 1, 12 }, true)]
    public void Row_major_elements_are_so_under_any_shape(int[] from, int[] to, bool isRowMajor) =>
        Assert.Equal(isRowMajor, ElementStrides.RowMajor(new Shape(from)).Reshaped(new Shape(to))!.IsRowMajor);

    /// <summary>Each reshape that is given strides is checked against where the elements really are.</summary>
    [Fact]
    public void A_reshape_leaves_every_element_where_it_is_or_says_that_it_cannot()
    {
        int possible = 0, impossible = 0;
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            int[] sizes = Sizes(random, 24);
            long[] order = [.. Enumerable.Range(0, sizes.Length).OrderBy(_ => random.Next()).Select(static i => (long)i)];
            var strides = ElementStrides.RowMajor(new Shape(sizes)).Transposed(order);
            var shape = new Shape(Sizes(random, 24));
            if (strides.Reshaped(shape) is not { } made)
            {
                impossible++;
                continue;
            }

            possible++;
            Assert.Equal(Places(strides), Places(made));
        }

        Assert.True(possible > 500 && impossible > 500, $"{possible} and {impossible}");
    }

    private static List<long> Places(ElementStrides strides)
    {
        List<long> places = [0];
        for (int d = 0; d < strides.Sizes.Length; d++)
            places = [.. places.SelectMany(place => Enumerable.Range(0, strides.Sizes[d]).Select(i => place + i * strides.Steps[d]))];
        return places;
    }

    private static int[] Sizes(Random random, int product)
    {
        List<int> sizes = [];
        while (product > 1)
        {
            int[] factors = [.. Enumerable.Range(1, product).Where(f => product % f == 0)];
            int factor = factors[random.Next(factors.Length)];
            sizes.Add(factor);
            product /= factor;
        }

        return [.. sizes];
    }

    private static Graph Chain(Random random)
    {
        var graph = new Graph();
        int[] shape = [random.Next(1, 3), random.Next(1, 9) * 2, random.Next(1, 5), random.Next(1, 6)];
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(shape)));
        List<(string Name, int[] Shape)> values = [("x", shape)];
        int nodes = random.Next(3, 12);
        for (int i = 0; i < nodes; i++)
        {
            var (x, sizes) = values[Math.Max(0, values.Count - 1 - random.Next(2))];
            string name = $"v{i}";
            switch (random.Next(10))
            {
                case 0 when sizes.Length == 4:
                    graph.Add(new Node("MaxPool", name, [x], [name]).With("kernel_shape", new long[] { 1, 1 }));
                    break;
                case 1:
                    graph.Add(new Node("Relu", name, [x], [name]));
                    break;
                case 2 or 3:
                    long[] perm = [.. Enumerable.Range(0, sizes.Length).OrderBy(_ => random.Next()).Select(static d => (long)d)];
                    graph.Add(new Node("Transpose", name, [x], [name]).With("perm", perm));
                    sizes = [.. perm.Select(d => sizes[d])];
                    break;
                case 4:
                    sizes = Reshaped(random, sizes);
                    string to = graph.Add($"{name}.shape", Tensor.Vector<long>([.. sizes.Select(static d => (long)d)]));
                    graph.Add(new Node("Reshape", name, [x, to], [name]));
                    break;
                case 5 when sizes[^1] > 1:
                    int axis = sizes.Length - 1, first = random.Next(2), step = random.Next(1, 3);
                    string Longs(string what, long number) => graph.Add($"{name}.{what}", Tensor.Vector<long>(number));
                    graph.Add(new Node(
                        "Slice", name, [x, Longs("from", first), Longs("to", long.MaxValue), Longs("axis", axis), Longs("step", step)], [name]));
                    sizes = [.. sizes[..axis], (sizes[axis] - first + step - 1) / step];
                    break;
                case 6:
                    long index = -random.Next(1, sizes[0] + 1);
                    graph.Add(new Node("Gather", name, [x, graph.Add($"{name}.index", Tensor.Scalar(index))], [name]).With("axis", 0L));
                    sizes = sizes.Length > 1 ? sizes[1..] : [];
                    break;
                case 7:
                    int side = random.Next(sizes.Length);
                    graph.Add(new Node("Concat", name, [x, x], [name]).With("axis", (long)side));
                    sizes = [.. sizes[..side], 2 * sizes[side], .. sizes[(side + 1)..]];
                    break;
                case 8 when sizes[^1] % 2 == 0:
                    graph.Add(new Node("Split", name, [x], [$"{name}.left", name]).With("axis", -1L));
                    sizes = [.. sizes[..^1], sizes[^1] / 2];
                    break;
                default:
                    string[] by = [graph.Add($"{name}.scale", Tensor.Scalar(0.125f)), graph.Add($"{name}.zero", Tensor.Scalar((byte)100))];
                    string q = graph.Add(new Node("QuantizeLinear", $"{name}.q", [x, .. by], [$"{name}.q"]));
                    graph.Add(new Node("DequantizeLinear", name, [q, .. by], [name]));
                    break;
            }

            if (sizes.Length == 0) break;
            values.Add((name, sizes));
        }

        graph.Outputs.Add(new(values[^1].Name, ElementType.Float32, new Shape(values[^1].Shape)));
        graph.Outputs.Add(new(values[random.Next(1, values.Count)].Name, ElementType.Undefined, default));
        if (graph.Outputs[0].Name == graph.Outputs[1].Name) graph.Outputs.RemoveAt(1);
        return PassList.Run(graph);
    }

    private static int[] Reshaped(Random random, int[] sizes)
    {
        List<int> made = [.. sizes];
        if (made.Count > 1 && random.Next(2) == 0)
        {
            int at = random.Next(made.Count - 1);
            made[at] *= made[at + 1];
            made.RemoveAt(at + 1);
        }
        else if (made.FindIndex(static d => d % 2 == 0) is >= 0 and var even && made.Count < 6)
        {
            made[even] /= 2;
            made.Insert(even + random.Next(2), 2);
        }

        return [.. made];
    }

    private static Tensor Ones(int count) => Tensor.From<float>(new Shape(count), [.. Enumerable.Repeat(1f, count)]);
}
