using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Model;

public class ShapeTests
{
    [Fact]
    public void A_scalar_has_rank_0_and_one_element() => Assert.Equal((0, 1), (Shape.Scalar.Rank, Shape.Scalar.ElementCount));

    [Fact]
    public void Too_many_elements_are_refused() => Assert.Throws<ArgumentException>(() => new Shape(65536, 65536));

    [Fact]
    public void Zero_dimensions_do_not_hide_an_overflow() => Assert.Equal(0, new Shape(65536, 0, 7).ElementCount);

    [Fact]
    public void Shapes_are_equal_by_value() => Assert.Equal(new Shape(1, 3, 32, 32), new Shape([1, 3, 32, 32]));
}
