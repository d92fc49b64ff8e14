using ResNetEdge.Engines;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Tests.Unit.Runtime.Metrics;

public class GoldenCheckTests
{
    [Fact]
    public void The_largest_difference_of_any_element_and_the_root_mean_square_count()
    {
        var distance = GoldenDistance.Between([1, 5, -3, 2], [1, 3, -5, 1]);
        Assert.Equal(2, distance.MaxAbs);
        Assert.Equal(1.5, distance.Rms); // sqrt((0 + 4 + 4 + 1) / 4)
        Assert.Equal(new GoldenDistance(2, 3), distance.OrFurther(new(1, 3)));
    }

    [Theory]
    [InlineData(1, 0.1, true)]
    [InlineData(1.1, 0.1, false)]
    [InlineData(1, 0.11, false)]
    [InlineData(double.NaN, 0.1, false)]
    [InlineData(1, double.NaN, false)]
    [InlineData(double.PositiveInfinity, 0.1, false)]
    public void Both_figures_have_to_be_within_the_tolerance(double maxAbs, double rms, bool isAllowed) =>
        Assert.Equal(isAllowed, new GoldenTolerance(1, 0.1).Allows(new(maxAbs, rms)));

    [Fact]
    public void Without_a_root_mean_square_only_the_largest_difference_counts() => Assert.True(new GoldenTolerance(1, null).Allows(new(1, 5)));

    [Fact]
    public void Equal_infinities_and_NaN_are_no_difference_but_one_NaN_is()
    {
        Assert.Equal(0, GoldenDistance.Between([float.NaN, float.PositiveInfinity], [float.NaN, float.PositiveInfinity]).MaxAbs);
        Assert.Equal(double.PositiveInfinity, GoldenDistance.Between([float.NaN], [0]).MaxAbs);
        Assert.Equal(double.PositiveInfinity, GoldenDistance.Between([float.PositiveInfinity], [float.NegativeInfinity]).MaxAbs);
    }

    [Fact]
    public void A_vector_runs_through_the_engine()
    {
        using var engine = Relu();
        Assert.Equal(0, GoldenCheck.Distance(engine, new Golden([Row(-1, 2)], [Row(0, 2)]), "v").MaxAbs);
        Assert.Equal(0.5, GoldenCheck.Distance(engine, new Golden([Row(-1, 2)], [Row(0, 1.5f)]), "v").MaxAbs);
    }

    [Fact]
    public void A_vector_that_does_not_fit_the_model_is_bad_input()
    {
        using var engine = Relu();
        Assert.Equal(FailureKind.BadInput,
            Assert.Throws<EdgeException>(() => GoldenCheck.Distance(engine, new Golden([Row(1)], [Row(1, 2)]), "v").MaxAbs).Kind);
        Assert.Equal(
            FailureKind.BadInput, Assert.Throws<EdgeException>(() => GoldenCheck.Distance(engine, new Golden([Row(1, 2)], []), "v").MaxAbs).Kind);
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
