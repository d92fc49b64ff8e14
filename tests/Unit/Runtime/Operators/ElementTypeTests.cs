using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

/// <summary>References in types that models rarely have: rounded once from float64, wrapped, or refused.</summary>
public class ElementTypeTests
{
    public static TheoryData<string, double[], double[]> Functions => new()
    {
        { "Sqrt", [2, 0.5], [Math.Sqrt(2), Math.Sqrt(0.5)] },
        { "Exp", [1, 20], [Math.E, Math.Exp(20)] },
        { "Log", [2, 1e-3], [Math.Log(2), Math.Log(1e-3)] },
        { "Tanh", [0.3], [Math.Tanh(0.3)] },
        { "Softplus", [0.3], [Math.Log(1 + Math.Exp(0.3))] },
        { "Sigmoid", [-2], [1 / (1 + Math.Exp(2))] },
        { "Atan", [0.7], [Math.Atan(0.7)] },
        { "Floor", [-0.5], [-1] },
    };

    [Theory, MemberData(nameof(Functions))]
    public void A_function_of_float64_has_the_digits_of_float64(string name, double[] x, double[] expected)
    {
        var found = Run(name, Tensor.Vector<double>(x)).As<double>().ToArray();
        for (int i = 0; i < x.Length; i++) Assert.Equal(expected[i], found[i], Math.Abs(expected[i]) * 1e-15);
    }

    [Fact]
    public void The_exponential_of_float64_reaches_to_both_ends()
    {
        double[] found = Run("Exp", Tensor.Vector<double>(709.7, 710, -745, -800)).As<double>().ToArray();
        Assert.Equal(Math.Exp(709.7), found[0], Math.Exp(709.7) * 1e-15);
        Assert.Equal([double.PositiveInfinity, double.Epsilon, 0], found[1..]);
    }

    [Fact]
    public void Half_precision_is_rounded_once()
    {
        // 1 + 2⁻¹¹ lies between two halves and goes to the even one; a little more goes up.
        Half one = (Half)1, tie = (Half)MathF.ScaleB(1, -11), more = (Half)(MathF.ScaleB(1, -11) + MathF.ScaleB(1, -20));
        Assert.Equal([one, one + (Half)MathF.ScaleB(1, -10)], Run("Add", Tensor.Vector(tie, more), Tensor.Scalar(one)).As<Half>().ToArray());
        Assert.Equal([(Half)Math.Tanh((double)(Half)0.3f)], Run("Tanh", Tensor.Vector((Half)0.3f)).As<Half>().ToArray());
    }

    [Theory]
    [InlineData(1f, 1f), InlineData(1.00390625f, 1f), InlineData(1.01171875f, 1.015625f), InlineData(-1.005f, -1.0078125f)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity), InlineData(float.MaxValue, float.PositiveInfinity), InlineData(float.NaN, float.NaN)]
    public void A_cast_to_bfloat16_rounds_to_the_nearest_and_a_tie_to_even(float x, float expected)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1)));
        graph.Add(new Node("Cast", "there", ["x"], ["half"]).With("to", (long)ElementType.BFloat16));
        graph.Add(new Node("Cast", "back", ["half"], ["y"]).With("to", (long)ElementType.Float32));
        graph.Outputs.Add(new("y", ElementType.Undefined, default));
        using var engine = new ReferenceEngine(graph);
        engine.SetInput<float>(0, [x]);
        engine.Run();
        float[] y = new float[1];
        engine.GetOutput<float>(0, y);
        Assert.Equal(expected, y[0]);
    }

    [Theory]
    [InlineData("Div"), InlineData("Mod")]
    public void An_integer_division_by_zero_is_refused(string name)
    {
        var refused = Assert.Throws<EdgeException>(() => Run(name, Tensor.Vector(4, 5), Tensor.Vector(2, 0)));
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.Contains($"{name} 'node': integer division by zero", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_least_integer_by_minus_one_wraps()
    {
        Assert.Equal([int.MinValue], Run("Div", Tensor.Vector(int.MinValue), Tensor.Vector(-1)).As<int>().ToArray());
        Assert.Equal([long.MinValue], Run("Div", Tensor.Vector(long.MinValue), Tensor.Vector(-1L)).As<long>().ToArray());
        Assert.Equal([0L], Run("Mod", Tensor.Vector(long.MinValue), Tensor.Vector(-1L)).As<long>().ToArray());
        Assert.Equal([sbyte.MinValue], Run("Neg", Tensor.Vector(sbyte.MinValue)).As<sbyte>().ToArray());
    }

    [Theory]
    [InlineData("Add", ElementType.Bool, "input 0 is Bool; only numbers are supported there")]
    [InlineData("And", ElementType.Int32, "input 0 is Int32; only Bool is supported there")]
    [InlineData("Sqrt", ElementType.Int32, "input 0 is Int32; only floats are supported there")]
    [InlineData("BitShift", ElementType.Int8, "input 0 is Int8; only integers without a sign are supported there")]
    [InlineData("Neg", ElementType.UInt8, "input 0 is UInt8; only floats and integers with a sign are supported there")]
    public void Another_type_is_refused_with_those_that_are_supported(string name, ElementType type, string expected)
    {
        var x = new Tensor(type, new Shape(1), new byte[type.Size()]);
        var node = new Node(name, "node", name is "Sqrt" or "Neg" ? ["in0"] : ["in0", "in1"], ["y"]);
        if (name == "BitShift") node.With("direction", "LEFT");
        var refused = Assert.Throws<EdgeException>(() => Run(node, x, x));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Add"), InlineData("Equal"), InlineData("Max"), InlineData("Pow"), InlineData("Mean")]
    public void Empty_values_and_scalars_are_spread_like_others(string name)
    {
        Assert.Equal(new Shape(2, 0, 3), Run(name, Tensor.From<float>(new Shape(0, 3), []), Tensor.From<float>(new Shape(2, 1, 1), [1, 2])).Shape);
        Assert.Equal(Shape.Scalar, Run(name, Tensor.Scalar(1f), Tensor.Scalar(2f)).Shape);
        var high = new Shape(1, 1, 1, 1, 1, 1, 1, 1, 2);
        Assert.Equal(high, Run(name, Tensor.From<float>(high, [1, 2]), Tensor.Scalar(2f)).Shape);
    }

    private static Tensor Run(string name, params Tensor[] inputs) =>
        Run(new Node(name, "node", inputs.Select(static (_, i) => $"in{i}"), ["y"]), inputs);

    private static Tensor Run(Node node, params Tensor[] inputs)
    {
        var graph = new Graph();
        foreach (string name in node.Inputs) graph.Inputs.Add(new(name, inputs[int.Parse(name[2..])].Type, inputs[int.Parse(name[2..])].Shape));
        graph.Add(node);
        graph.Outputs.Add(new("y", ElementType.Undefined, default));
        using var engine = new ReferenceEngine(graph);
        for (int i = 0; i < graph.Inputs.Count; i++) engine.SetInputBytes(i, inputs[i].Bytes.Span);
        engine.Run();
        byte[] bytes = new byte[engine.Outputs[0].ByteCount()];
        engine.GetOutputBytes(0, bytes);
        return new Tensor(engine.Outputs[0].Type, engine.Outputs[0].Shape, bytes);
    }
}
