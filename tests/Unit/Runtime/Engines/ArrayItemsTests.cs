using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Engines;

public class ArrayItemsTests
{
    private static readonly TensorInfo Image = new("x", ElementType.Float32, new Shape(1, 3, 4, 5));

    [Theory]
    [InlineData(1, 1, 3, 4, 5)]
    [InlineData(7, 7, 3, 4, 5)]
    [InlineData(1, 3, 4, 5)]
    [InlineData(7, 7, 1, 3, 4, 5)]
    public void Shapes_that_fit_give_items(int items, params int[] shape) => Assert.Equal(items, ArrayItems.Of("f", Zeros(shape), [Image]).Count);

    [Theory]
    [InlineData(0, 3, 4, 5)]
    [InlineData(3, 4, 6)]
    [InlineData(4, 5)]
    [InlineData(2, 7, 1, 3, 4, 5)]
    [InlineData(1, 4, 5, 3)]
    [InlineData(7, 3, 20)]
    public void Other_shapes_are_bad_input(params int[] shape)
    {
        var e = Assert.Throws<EdgeException>(() => ArrayItems.Of("f.npy", Zeros(shape), [Image]));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Contains("f.npy", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_with_a_fixed_batch_takes_multiples_of_it()
    {
        TensorInfo[] inputs = [new("x", ElementType.Float32, new Shape(4, 2))];
        Assert.Equal(3, ArrayItems.Of("f", Zeros(12, 2), inputs).Count);
        Assert.Throws<EdgeException>(() => ArrayItems.Of("f", Zeros(6, 2), inputs));
    }

    [Fact]
    public void A_scalar_model_input_takes_a_scalar_or_a_list()
    {
        TensorInfo[] inputs = [new("x", ElementType.Float32, Shape.Scalar)];
        Assert.Equal(1, ArrayItems.Of("f", Zeros(), inputs).Count);
        Assert.Equal(3, ArrayItems.Of("f", Zeros(3), inputs).Count);
    }

    [Fact]
    public void Another_element_type_is_bad_input_and_both_are_named()
    {
        var e = Assert.Throws<EdgeException>(() => ArrayItems.Of("f", Tensor.From(Image.Shape, new double[60].AsSpan()), [Image]));
        Assert.Contains("Float64", e.Message, StringComparison.Ordinal);
        Assert.Contains("Float32", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_inputs_need_one_array_each_of_one_batch()
    {
        TensorInfo[] inputs = [new("a", ElementType.Float32, new Shape(1, 2)), new("b", ElementType.Int64, new Shape(1))];
        Assert.Equal(5, ArrayItems.Of("f", new Dictionary<string, Tensor> { ["b"] = Tensor.Vector(new long[5]), ["a"] = Zeros(5, 2) }, inputs).Count);
        Assert.Throws<EdgeException>(() => ArrayItems.Of("f", Zeros(1, 2), inputs));
        Assert.Throws<EdgeException>(() => ArrayItems.Of("f", new Dictionary<string, Tensor> { ["a"] = Zeros(1, 2) }, inputs));
        Assert.Throws<EdgeException>(
            () => ArrayItems.Of("f", new Dictionary<string, Tensor> { ["b"] = Tensor.Vector(new long[4]), ["a"] = Zeros(5, 2) }, inputs));
        Assert.Throws<EdgeException>(() =>
            ArrayItems.Of("f", new Dictionary<string, Tensor> { ["b"] = Tensor.Vector(1L), ["a"] = Zeros(1, 2), ["c"] = Zeros(1) }, inputs));
    }

    private static Tensor Zeros(params int[] shape)
    {
        var s = new Shape(shape);
        return Tensor.From(s, new float[s.ElementCount].AsSpan());
    }
}
