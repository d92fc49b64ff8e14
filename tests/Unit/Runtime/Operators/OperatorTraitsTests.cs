using System.Reflection;
using System.Text.RegularExpressions;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

/// <summary>What an operator says of itself is held to what its reference does.</summary>
public class OperatorTraitsTests
{
    public static TheoryData<string> Operators => OperatorTests.Operators;

    [Fact]
    public void Every_name_that_code_may_use_is_an_operators()
    {
        string[] names = [.. typeof(OpTypes).GetFields(BindingFlags.Static | BindingFlags.Public).Select(f => (string)f.GetValue(null)!)];
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains(OperatorTable.All, o => o.OpType == name));
        Assert.Equal(OperatorTable.All.Length, OperatorTable.All.Select(o => o.OpType).Distinct().Count());
    }

    /// <summary>A misspelt constant does not compile; a misspelt literal does. Keras' layers and generated fields have names of their own.</summary>
    [Fact]
    public void Code_names_operators_by_their_constants()
    {
        string names = string.Join('|', OperatorTable.All.Select(o => o.OpType));
        foreach (var (path, text) in House.OnDisk.Files)
        {
            if (!Regex.IsMatch(path, @"^(runtime|exporter|benchmarks)/.*\.cs$")) continue;
            if (Regex.IsMatch(path, "Core/Operators/|/OpTypes.cs$|/Keras(LayerTable|Recurrent).cs$|/KernelGenerator/")) continue;
            var literal = Regex.Match(text, $"^(?! *///).*\"({names})\"", RegexOptions.Multiline);
            Assert.False(literal.Success, $"{path}: {literal.Value}");
        }
    }

    [Fact]
    public void Nothing_is_known_of_an_operator_of_another_domain() =>
        Assert.Same(OperatorTraits.None, OperatorTable.TraitsOf(new Node(OpTypes.Conv, "conv", ["x", "w"], ["y"]) { Domain = "com.example" }));

    [Theory, MemberData(nameof(Operators))]
    public void Elements_come_from_where_the_operator_says(string name)
    {
        foreach (var (stored, traits) in CasesOf(name))
        {
            if (stored.Inputs.Count == 0) continue;
            Tensor x = stored.Inputs[0]!, y = stored.Run(new ReferenceEngine(stored.Graph()))[0];
            if (traits.KeepsElements) Assert.Equal(x.Bytes.ToArray(), y.Bytes.ToArray());
            if (traits.Elements is ElementFlow.Mapped or ElementFlow.Converted) Assert.Equal(x.Shape, y.Shape);
            if (traits.Elements == ElementFlow.Moved) Assert.Equal(x.ToFloats().Order(), y.ToFloats().Order());
            if (traits.Elements != ElementFlow.Selected) continue;
            var data = stored.Inputs.Where((input, i) => input is not null && traits.IsData(i)).SelectMany(input => input!.ToFloats());
            float[] allowed = [0, .. data, .. name == OpTypes.Pad && stored.Inputs.ElementAtOrDefault(2) is { } fill ? fill.ToFloats() : []];
            Assert.All(y.ToFloats(), value => Assert.Contains(value, allowed));
        }
    }

    [Theory, MemberData(nameof(Operators))]
    public void A_node_that_is_an_identity_gives_its_input(string name)
    {
        foreach (var (stored, _) in CasesOf(name))
            if (OperatorTable.Of(stored.Graph().Nodes[0]).IsIdentity(stored.Graph().Nodes[0]))
                Assert.Equal(stored.Inputs[0]!.Bytes.ToArray(), stored.Run(new ReferenceEngine(stored.Graph()))[0].Bytes.ToArray());
    }

    [Theory, MemberData(nameof(Operators))]
    public void A_positive_factor_passes_where_the_operator_says(string name)
    {
        foreach (var (stored, traits) in CasesOf(name))
        {
            if (!traits.PassesPositiveFactor || stored.Inputs[0] is not { Type: ElementType.Float32 }) continue;
            var x = stored.Inputs[0]!;
            var twice = stored with { Inputs = [Tensor.From<float>(x.Shape, [.. x.ToFloats().Select(v => 2 * v)]), .. stored.Inputs.Skip(1)] };
            Assert.Equal(
                stored.Run(new ReferenceEngine(stored.Graph()))[0].ToFloats().Select(v => 2 * v),
                twice.Run(new ReferenceEngine(twice.Graph()))[0].ToFloats());
        }
    }

    [Theory, MemberData(nameof(Operators))]
    public void A_clamp_gives_the_range_that_its_reference_keeps(string name)
    {
        foreach (var (stored, traits) in CasesOf(name))
        {
            var node = stored.Graph().Nodes[0];
            InputType? Known(int i) => i < stored.Inputs.Count && stored.Inputs[i] is { } c && stored.Constants[i] ? new(c.Type, c.Shape, c) : null;
            var clamp = OperatorTable.Of(node).Clamp(node, Known(1), Known(2));
            bool isKnown = stored.Inputs.Skip(1).Select((input, i) => input is null || stored.Constants[i + 1]).All(static known => known);
            Assert.Equal(traits.IsClamp && isKnown, clamp is not null);
            if (clamp is not var (low, high)) continue;
            var clamped = stored.Inputs[0]!.ToFloats().Select(v => Math.Min(Math.Max(v, low), high));
            Assert.Equal(clamped, stored.Run(new ReferenceEngine(stored.Graph()))[0].ToFloats());
        }
    }

    /// <summary>Transposing what goes in transposes what comes out: nothing else lets a Transpose be moved behind a node.</summary>
    [Theory, MemberData(nameof(Operators))]
    public void An_operator_that_does_not_use_axes_lets_a_Transpose_through(string name)
    {
        foreach (var (stored, traits) in CasesOf(name))
        {
            bool isPerChannel = stored.Inputs.Skip(1).Any(static input => input is { Shape.ElementCount: > 1 });
            if (traits.Axes != AxisUse.None || isPerChannel || stored.Inputs[0] is not { } x) continue;
            var turned = stored with { Inputs = [Turned(x), .. stored.Inputs.Skip(1)], Expected = [Turned(stored.Expected[0]!)] };
            turned.AssertGiven(turned.Run(new ReferenceEngine(turned.Graph())), 0.000001);
        }
    }

    [Theory]
    [InlineData(OpTypes.Conv, "ComputesInInt8"), InlineData(OpTypes.Gemm, "ComputesInInt8"), InlineData(OpTypes.Add, "StaysFloat")]
    [InlineData(OpTypes.AveragePool, "ComputesInInt8"), InlineData(OpTypes.GlobalAveragePool, "ComputesInInt8")]
    [InlineData(OpTypes.MaxPool, "PassesScale"), InlineData(OpTypes.Slice, "PassesScale"), InlineData(OpTypes.Concat, "PassesScale")]
    [InlineData(OpTypes.Pad, "StaysFloat"), InlineData(OpTypes.Reshape, "PassesScale"), InlineData(OpTypes.Transpose, "PassesScale")]
    [InlineData(OpTypes.MatMul, "StaysFloat"), InlineData(OpTypes.Relu, "FollowsReaders"), InlineData(OpTypes.Softmax, "StaysFloat")]
    [InlineData(OpTypes.Mul, "StaysFloat"), InlineData(OpTypes.BatchNormalization, "StaysFloat"), InlineData(OpTypes.Gather, "StaysFloat")]
    public void Quantisation_knows_what_to_do_with_a_node_whose_other_inputs_are_constants(string name, string expected)
    {
        var graph = new Graph();
        graph.Add("w", Tensor.From<float>(new Shape(2, 2), [1, 2, 3, 4]));
        graph.Add("b", Tensor.Vector<float>(1, 2));
        var node = new Node(name, "node", ["x", "w", "b"], ["y"]);
        Assert.Equal(expected, OperatorTable.Of(node).Quantization(node, graph).ToString());
    }

    [Theory]
    [InlineData(OpTypes.Add, new[] { "x", "y" }, "FollowsReaders"), InlineData(OpTypes.Mul, new[] { "x", "one" }, "FollowsReaders")]
    [InlineData(OpTypes.Div, new[] { "x", "y" }, "StaysFloat"), InlineData(OpTypes.Div, new[] { "x", "one" }, "FollowsReaders")]
    [InlineData(OpTypes.Pow, new[] { "x", "one" }, "FollowsReaders"), InlineData(OpTypes.PRelu, new[] { "x", "b" }, "FollowsReaders")]
    [InlineData(OpTypes.Clip, new[] { "x", "y" }, "StaysFloat")] // a bound that is computed
    [InlineData(OpTypes.Conv, new[] { "x", "y" }, "StaysFloat")] // weights that are computed
    [InlineData(OpTypes.Conv, new[] { "x", "w", "w" }, "StaysFloat")] // a bias that is none
    [InlineData(OpTypes.Gemm, new[] { "x", "b" }, "StaysFloat")]
    [InlineData(OpTypes.Pad, new[] { "x", "pads" }, "PassesScale")] // zeros
    public void Quantisation_looks_at_what_a_node_reads(string name, string[] inputs, string expected)
    {
        var graph = new Graph();
        graph.Add("one", Tensor.Scalar(1f));
        graph.Add("w", Tensor.From<float>(new Shape(2, 2), [1, 2, 3, 4]));
        graph.Add("b", Tensor.Vector<float>(1, 2));
        var node = new Node(name, "node", inputs, ["z"]);
        Assert.Equal(expected, OperatorTable.Of(node).Quantization(node, graph).ToString());
    }

    [Theory]
    [InlineData("alpha", 2f), InlineData("beta", 0f), InlineData("transA", 1L)]
    public void A_Gemm_that_does_more_than_a_layer_stays_float(string attribute, object value)
    {
        var graph = new Graph();
        graph.Add("w", Tensor.From<float>(new Shape(2, 2), [1, 2, 3, 4]));
        var node = new Node(OpTypes.Gemm, "node", ["x", "w"], ["z"]).With(attribute, value);
        Assert.Equal(QuantizationRule.StaysFloat, OperatorTable.Of(node).Quantization(node, graph));
    }

    [Theory]
    [InlineData(OpTypes.Conv, 3, 0), InlineData(OpTypes.ConvTranspose, 3, 1), InlineData(OpTypes.Gemm, 3, 1), InlineData(OpTypes.MatMul, 2, null)]
    public void A_layer_names_its_weights(string name, int inputs, int? axis)
    {
        var found = Array.Find(OperatorTable.All, o => o.OpType == name)!;
        var node = new Node(name, "node", Enumerable.Range(0, inputs).Select(static i => $"in{i}"), ["out"]);
        Assert.True(found.Traits.IsWeighted && found.Traits.IsData(0) && !found.Traits.IsData(1));
        Assert.Equal(axis, found.OutputChannelAxis(node));
        Assert.Equal(InputRole.Weight, found.Traits.RoleOf(1));
        Assert.Equal(axis is null ? InputRole.Weight : InputRole.Bias, found.Traits.RoleOf(inputs - 1));
    }

    [Theory]
    [InlineData(OpTypes.Conv, "transB", 0L, 24 * 60L), InlineData(OpTypes.Gemm, "transB", 0L, 24 * 4L)]
    [InlineData(OpTypes.Gemm, "transB", 1L, 24 * 3L), InlineData(OpTypes.MatMul, "transB", 0L, 24 * 3L), InlineData(OpTypes.Add, "transB", 0L, 0L)]
    public void Multiply_accumulates_are_those_of_a_product(string name, string attribute, long value, long expected)
    {
        var node = new Node(name, "node", ["x", "w"], ["y"]).With(attribute, value);
        var weights = name == OpTypes.Gemm ? new Shape(4, 3) : new Shape(6, 4, 3, 5);
        Assert.Equal(expected, OperatorTable.Of(node).MultiplyAccumulates(node, weights, new Shape(24)));
    }

    [Fact]
    public void Multiply_accumulates_of_a_transposed_convolution_are_those_of_its_inputs()
    {
        var node = new Node(OpTypes.ConvTranspose, "node", ["x", "w"], ["y"]).With("strides", new long[] { 2, 2 }).With("group", 2L);
        // 5 x 5 inputs of 4 channels, each times 3 outputs of its group and a kernel of 2 x 2.
        Assert.Equal(5 * 5 * 4 * 3 * 2 * 2, OperatorTable.Of(node).MultiplyAccumulates(node, new Shape(4, 3, 2, 2), new Shape(1, 6, 10, 10)));
    }

    private static IEnumerable<(OperatorCase Case, OperatorTraits Traits)> CasesOf(string name) =>
        OperatorCase.Of(name).Select(stored => (stored, OperatorTable.TraitsOf(stored.Graph().Nodes[0])));

    // All axes in the opposite order.
    private static Tensor Turned(Tensor x)
    {
        int[] shape = x.Shape.Dimensions.ToArray();
        int size = x.Type.Size();
        byte[] turned = new byte[x.Bytes.Length];
        for (int from = 0; from < x.Shape.ElementCount; from++)
        {
            int rest = from, to = 0;
            for (int d = shape.Length - 1; d >= 0; rest /= shape[d--]) to += rest % shape[d] * shape[..d].Aggregate(1, static (a, b) => a * b);
            x.Bytes.Span.Slice(from * size, size).CopyTo(turned.AsSpan(to * size));
        }

        return new Tensor(x.Type, new Shape([.. shape.Reverse()]), turned);
    }
}
