using ResNetEdge.Engines;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Tests.Unit.Runtime.Metrics;

public class GoldenCheckTests
{
    [Fact]
    public void The_largest_difference_of_any_element_counts() => Assert.Equal(2, GoldenCheck.MaxAbsDifference([1, 5, -3], [1, 3, -4]));

    [Fact]
    public void Equal_infinities_and_NaN_are_no_difference_but_one_NaN_is()
    {
        Assert.Equal(0, GoldenCheck.MaxAbsDifference([float.NaN, float.PositiveInfinity], [float.NaN, float.PositiveInfinity]));
        Assert.Equal(double.PositiveInfinity, GoldenCheck.MaxAbsDifference([float.NaN], [0]));
        Assert.Equal(double.PositiveInfinity, GoldenCheck.MaxAbsDifference([float.PositiveInfinity], [float.NegativeInfinity]));
    }

    [Fact]
    public void A_vector_runs_through_the_engine()
    {
        using var engine = Relu();
        Assert.Equal(0, GoldenCheck.MaxAbsDifference(engine, new Golden([Row(-1, 2)], [Row(0, 2)]), "v"));
        Assert.Equal(0.5, GoldenCheck.MaxAbsDifference(engine, new Golden([Row(-1, 2)], [Row(0, 1.5f)]), "v"));
    }

    [Fact]
    public void A_vector_that_does_not_fit_the_model_is_bad_input()
    {
        using var engine = Relu();
        Assert.Equal(FailureKind.BadInput,
            Assert.Throws<EdgeException>(() => GoldenCheck.MaxAbsDifference(engine, new Golden([Row(1)], [Row(1, 2)]), "v")).Kind);
        Assert.Equal(
            FailureKind.BadInput, Assert.Throws<EdgeException>(() => GoldenCheck.MaxAbsDifference(engine, new Golden([Row(1, 2)], []), "v")).Kind);
    }

    private static Tensor Row(params float[] values) => Tensor.From(new Shape(1, values.Length), values.AsSpan());

    private static ReferenceEngine Relu()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(1, 2)));
        graph.Add(new Node("Relu", "relu", ["x"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(1, 2)));
        return new ReferenceEngine(graph);
    }
}
