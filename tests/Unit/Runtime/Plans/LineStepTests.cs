using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>Which softmaxes and normalisations get a kernel, and that it gives what the reference gives.</summary>
public class LineStepTests
{
    private static readonly Shape Picture = new(2, 20, 5, 6);

    [Theory]
    [InlineData(-1L, true), InlineData(3L, true), InlineData(1L, true), InlineData(2L, false), InlineData(0L, false)]
    public void A_softmax_of_elements_side_by_side_has_a_kernel(long axis, bool hasKernel)
    {
        foreach (bool isAfterPool in new[] { false, true })
            Same("SoftmaxFp32", Graph(Picture, isAfterPool, new Node("Softmax", "softmax", ["v"], ["y"]).With("axis", axis)), hasKernel);
    }

    [Theory]
    [InlineData(-1L), InlineData(1L), InlineData(2L), InlineData(0L)]
    public void A_layer_normalisation_has_a_kernel_from_any_axis(long axis)
    {
        var shape = new Shape(2, 5, 9);
        int[] normalized = shape.Dimensions[(axis < 0 ? 2 : (int)axis)..].ToArray();
        foreach (bool hasBias in new[] { false, true })
        {
            string[] inputs = hasBias ? ["v", "scale", "bias"] : ["v", "scale"];
            var graph = Graph(shape, false, new Node("LayerNormalization", "norm", inputs, ["y"]).With("axis", axis));
            graph.Add("scale", Ramp(new Shape(normalized)));
            graph.Add("bias", Ramp(new Shape(normalized.Length < 3 ? [1, .. normalized] : normalized)));
            Same("NormalizeFp32", graph, true);
        }
    }

    /// <summary>The kernel sees one line of 24; the Add sees rows and columns.</summary>
    [Fact]
    public void Readers_of_a_layer_normalisation_see_it_in_its_own_shape()
    {
        var shape = new Shape(1, 1, 6, 4);
        var graph = Graph(shape, false, new Node("LayerNormalization", "norm", ["v", "scale"], ["normed"]).With("axis", 2L));
        graph.Add("scale", Ramp(new Shape(6, 4)));
        graph.Add(new Node("Add", "add", ["v", "normed"], ["y"]));
        Same("NormalizeFp32", graph, true);
    }

    [Fact]
    public void A_scale_along_other_axes_is_left_to_the_reference()
    {
        var graph = Graph(new Shape(3, 3), false, new Node("LayerNormalization", "norm", ["v", "scale"], ["y"]));
        graph.Add("scale", Ramp(new Shape(3, 1)));
        Same("NormalizeFp32", graph, false);
    }

    [Fact]
    public void A_computed_scale_and_a_wanted_mean_are_left_to_the_reference()
    {
        var computed = Graph(new Shape(3, 4), false, new Node("LayerNormalization", "norm", ["v", "scale"], ["y"]));
        computed.Inputs.Add(new TensorInfo("scale", ElementType.Float32, new Shape(4)));
        using (var engine = new FusedEngine(computed, new EngineOptions()))
            Assert.DoesNotContain(engine.Plan.Steps, static s => s.Kernel.Name.StartsWith("NormalizeFp32", StringComparison.Ordinal));
        var wanted = Graph(new Shape(3, 4), false, new Node("LayerNormalization", "norm", ["v", "scale"], ["y", "mean"]));
        wanted.Add("scale", Ramp(new Shape(4)));
        wanted.Outputs.Add(new TensorInfo("mean", ElementType.Float32, new Shape(3, 1)));
        using var other = new FusedEngine(wanted, new EngineOptions());
        Assert.DoesNotContain(other.Plan.Steps, static s => s.Kernel.Name.StartsWith("NormalizeFp32", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(20, 5, 6), InlineData(3, 4, 4), InlineData(17, 1, 3), InlineData(33, 1, 1)]
    public void An_instance_normalisation_keeps_the_layout_of_its_input(int channels, int height, int width)
    {
        var shape = new Shape(2, channels, height, width);
        var pooled = Graph(shape, true, new Node("InstanceNormalization", "norm", ["v", "scale", "bias"], ["y"]));
        var plain = Graph(shape, false, new Node("InstanceNormalization", "norm", ["v", "scale", "bias"], ["y"]));
        foreach (var graph in new[] { pooled, plain })
        {
            graph.Add("scale", Ramp(new Shape(channels)));
            graph.Add("bias", Ramp(new Shape(channels)));
        }

        if (height * width > 1) Same("InstanceNormFp32", pooled, true);
        else Same("NormalizeFp32", pooled, true);
        Same("NormalizeFp32", plain, true);
    }

    // With a pool in front the channels lie innermost.
    private static Graph Graph(Shape shape, bool isAfterPool, Node node)
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo(isAfterPool ? "x" : "v", ElementType.Float32, shape));
        if (isAfterPool) graph.Add(new Node("MaxPool", "pool", ["x"], ["v"]).With("kernel_shape", new long[] { 1, 1 }));
        graph.Add(node);
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, shape));
        return graph;
    }

    private static Tensor Ramp(Shape shape) =>
        Tensor.From<float>(shape, [.. Enumerable.Range(0, shape.ElementCount).Select(static i => i * 0.25f - 1)]);

    private static void Same(string kernel, Graph graph, bool hasKernel)
    {
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, graph.Inputs[0].Shape.ElementCount).Select(_ => random.NextSingle() * 6 - 3)];
        float[] expected = PlannerTests.RunAll(new ReferenceEngine(graph), x);
        var engine = new FusedEngine(graph, new EngineOptions());
        Assert.Equal(hasKernel, engine.Plan.Steps.Any(s => s.Kernel.Name.StartsWith(kernel, StringComparison.Ordinal)));
        float[] found = PlannerTests.RunAll(engine, x);
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 2e-6f * Math.Max(1, Math.Abs(expected[i])));
    }
}
