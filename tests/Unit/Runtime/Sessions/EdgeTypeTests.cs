using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Sessions;

/// <summary>Networks of half and double precision, computed in float32: callers give and get the types that the file declares.</summary>
public class EdgeTypeTests
{
    public static TheoryData<string> Engines => SessionModels.Engines;

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void Halves_go_in_and_come_out_and_floats_may_stand_for_them(string engine)
    {
        using var session = SessionModels.Create(Doubled(ElementType.Float16, new Shape(3)), engine);
        Assert.Equal(ElementType.Float16, Assert.Single(session.Inputs).Type);
        Assert.Equal(ElementType.Float16, Assert.Single(session.Outputs).Type);
        var halves = new Half[3];
        session.Run<Half, Half>([(Half)0.1f, (Half)(-2), Half.MaxValue], halves);
        Assert.Equal([(Half)0.1f * (Half)2, (Half)(-4), Half.PositiveInfinity], halves);
        float[] floats = new float[3];
        session.Run<float, float>([0.25f, -2, 1000], floats);
        Assert.Equal([0.5f, -4, 2000], floats);
    }

    [Fact]
    public void Doubles_are_rounded_once()
    {
        using var session = SessionModels.Create(Doubled(ElementType.Float64, new Shape(2)), "fused");
        double[] doubles = new double[2];
        session.Run<double, double>([0.1, double.PositiveInfinity], doubles);
        Assert.Equal([0.1f * 2.0, double.PositiveInfinity], doubles);
    }

    [Fact]
    public void A_double_beyond_Float32_is_refused_instead_of_becoming_infinite()
    {
        using var session = SessionModels.Create(Doubled(ElementType.Float64, new Shape(2)), "fused");
        var refused = Assert.Throws<EdgeException>(() => session.Run<double, double>([0.1, 1e300], new double[2]));
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.Contains("element 1 of a float64 input is 1E+300", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bfloat16_is_given_and_taken_as_its_bits()
    {
        using var session = SessionModels.Create(Doubled(ElementType.BFloat16, new Shape(3)), "fused");
        ushort[] bits = new ushort[3];
        session.Run<ushort, ushort>([0x3F80, 0xC040, 0x7F80], bits); // 1, -3, infinity
        Assert.Equal([0x4000, 0xC0C0, 0x7F80], bits);
        float[] floats = new float[3];
        session.Run<float, float>([1, -3, 0.5f], floats);
        Assert.Equal([2, -6, 1], floats);
    }

    [Fact]
    public void Pictures_of_halves_get_to_a_convolution_that_wants_channels_innermost()
    {
        var (graph, shape) = (new Graph(), new Shape(2, 3, 2, 300)); // wider than what is converted at once
        graph.Inputs.Add(new("x", ElementType.Float16, shape));
        graph.Add("w", Tensor.From<Half>(new Shape(1, 3, 1, 1), [(Half)1, (Half)10, (Half)100]));
        graph.Add(new Node("Conv", "conv", ["x", "w"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float16, new Shape(2, 1, 2, 300)));
        using var session = SessionModels.Create(graph, "fused");
        var (x, y) = (new Half[shape.ElementCount], new Half[shape.ElementCount / 3]);
        for (int i = 0; i < x.Length; i++) x[i] = (Half)(i % 7);
        session.Run<Half, Half>(x, y);
        for (int i = 0; i < y.Length; i++)
        {
            int at = i / 600 * 1800 + i % 600;
            Assert.Equal((float)x[at] + 10 * (float)x[at + 600] + 100 * (float)x[at + 1200], (float)y[i]);
        }
    }

    [Fact]
    public void Feeding_and_reading_another_type_allocates_nothing()
    {
        using var session = SessionModels.Create(Doubled(ElementType.Float16, new Shape(3)), "fused");
        var (x, y) = (new Half[3], new Half[3]);
        session.Run<Half, Half>(x, y);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run<Half, Half>(x, y);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(1.0, 0x3F80)]
    [InlineData(1.00390625, 0x3F80)] // half way: the even one
    [InlineData(1.01171875, 0x3F82)]
    [InlineData(1.0039062500000002, 0x3F81)] // a little more than half way, which float32 would lose
    [InlineData(-1.0039062500000002, 0xBF81)]
    [InlineData(1e-45, 0)]
    [InlineData(3.4e38, 0x7F80)]
    [InlineData(1e300, 0x7F80)]
    [InlineData(double.NegativeInfinity, 0xFF80)]
    [InlineData(double.NaN, 0x7FC0)]
    public void Bfloat16_is_rounded_once_to_nearest(double value, int bits) => Assert.Equal(bits, BFloat16Bits.Of(value));

    private static Graph Doubled(ElementType type, Shape shape)
    {
        var graph = new Graph { Opset = 14 };
        graph.Inputs.Add(new("x", type, shape));
        graph.Add(new Node("Add", "add", ["x", "x"], ["y"]));
        graph.Outputs.Add(new("y", type, shape));
        return graph;
    }
}
