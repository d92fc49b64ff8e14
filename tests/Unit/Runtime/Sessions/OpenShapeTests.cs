using ResNetEdge.Model;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Sessions;

/// <summary>Models that leave dimensions of their inputs open, on every engine alike.</summary>
public sealed class OpenShapeTests : IDisposable
{
    private const int Float32 = (int)ElementType.Float32;

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Engines => SessionModels.Engines;

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void A_picture_of_open_height_and_width_gets_the_shape_that_it_is_opened_with(string engine)
    {
        string path = Write(new TinyOnnx().Node("GlobalAveragePool", ["x"], ["y"])
            .OpenInput("x", Float32, "N", "1", "H", "W").OpenOutput("y", Float32, "N", "1", "1", "1"));
        using var session = Open(path, engine, ("x", new Shape(2, 1, 3, 4)));
        Assert.Equal(new TensorInfo("x", ElementType.Float32, new Shape(2, 1, 3, 4)), Assert.Single(session.Inputs));
        Assert.Equal(new TensorInfo("y", ElementType.Float32, new Shape(2, 1, 1, 1)), Assert.Single(session.Outputs));
        float[] x = [.. Enumerable.Range(0, 24).Select(i => (float)i)], y = new float[2];
        session.Run(x, y);
        Assert.Equal([5.5f, 17.5f], y);
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void An_open_batch_is_1_unless_a_shape_says_otherwise(string engine)
    {
        string path = Write(new TinyOnnx().Node("Relu", ["x"], ["y"]).OpenInput("x", Float32, "N", "3").OpenOutput("y", Float32, "N", "3"));
        using var one = Open(path, engine);
        using var four = Open(path, engine, ("x", new Shape(4, 3)));
        Assert.Equal(new Shape(1, 3), one.Outputs[0].Shape);
        Assert.Equal(new Shape(4, 3), four.Outputs[0].Shape);
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void A_shape_settles_the_dimensions_of_that_name_in_other_inputs(string engine)
    {
        string path = Write(new TinyOnnx().Node("Add", ["a", "b"], ["sum"])
            .OpenInput("a", Float32, "N", "L").OpenInput("b", Float32, "N", "L").OpenOutput("sum", Float32, "N", "L"));
        using var session = Open(path, engine, ("b", new Shape(2, 5)));
        Assert.Equal([new Shape(2, 5), new Shape(2, 5)], session.Inputs.Select(input => input.Shape));
        Assert.Equal(new Shape(2, 5), session.Outputs[0].Shape);
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void An_open_dimension_that_nothing_settles_is_refused_with_the_way_out(string engine)
    {
        string path = Write(new TinyOnnx().Node("Relu", ["x"], ["y"])
            .OpenInput("x", Float32, "N", "3", "H", "").OpenOutput("y", Float32, "N", "3", "H", ""));
        var e = Refused(path, engine);
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Contains("input 'x' has the dynamic dimension 2 ('H')", e.Message, StringComparison.Ordinal);
        Assert.Contains("SessionOptions.Shapes", e.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void A_shape_that_does_not_fit_is_refused_in_one_sentence(string engine)
    {
        string path = Write(new TinyOnnx().Node("Add", ["image", "mask"], ["y"])
            .OpenInput("image", Float32, "N", "3", "H", "").OpenInput("mask", Float32, "N", "3", "H", "")
            .OpenOutput("y", Float32, "N", "3", "H", ""));
        Shape fits = new(1, 3, 8, 8);
        Usage("it has no input 'imag' to give a shape to; did you mean 'image'?", ("imag", fits));
        Usage("shape 3x8x8 given for input 'image' has 3 dimensions, but the model declares 4 dimensions (Nx3xHx?)", ("image", new Shape(3, 8, 8)));
        Usage("given for input 'image' has 4 in dimension 1, which is fixed at 3 in the model (Nx3xHx?)", ("image", new Shape(1, 4, 8, 8)));
        Usage("the shape 1x3x0x8 given for input 'image' is empty; every dimension must be at least 1", ("image", new Shape(1, 3, 0, 8)));
        Usage("make dimension 'H' both 8 and 9; it has one size everywhere", ("image", fits), ("mask", new Shape(1, 3, 9, 8)));

        void Usage(string expected, params (string Name, Shape Shape)[] shapes)
        {
            var e = Refused(path, engine, shapes);
            Assert.Equal(FailureKind.Usage, e.Kind);
            Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void A_shape_of_more_bytes_than_a_model_may_ask_for_is_refused(string engine)
    {
        string path = Write(new TinyOnnx().Node("Relu", ["x"], ["y"])
            .OpenInput("x", Float32, "N", "3", "H", "W").OpenOutput("y", Float32, "N", "3", "H", "W"));
        var e = Refused(path, engine, ("x", new Shape(1, 3, 20_000, 20_000)));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Contains("the value 'x' of Float32[1x3x20000x20000] would take 4,577 MiB", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_that_the_network_cannot_take_is_told_by_its_node()
    {
        string path = Write(new TinyOnnx().Node("MatMul", ["a", "b"], ["y"])
            .OpenInput("a", Float32, "N", "K").OpenInput("b", Float32, "J", "4").OpenOutput("y", Float32, "N", "4"));
        var e = Refused(path, "fused", ("a", new Shape(2, 3)), ("b", new Shape(5, 4)));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Contains("MatMul0", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Session Open(string path, string engine, params (string Name, Shape Shape)[] shapes)
    {
        SessionModels.NeedsEngine(engine);
        return Session.Open(path, new SessionOptions { Engine = engine, Shapes = shapes.ToDictionary(s => s.Name, s => s.Shape) });
    }

    private static EdgeException Refused(string path, string engine, params (string Name, Shape Shape)[] shapes)
    {
        SessionModels.NeedsEngine(engine);
        return Assert.Throws<EdgeException>(() => Open(path, engine, shapes).Dispose());
    }

    private string Write(TinyOnnx model)
    {
        File.WriteAllBytes(_folder["model.onnx"], model.ToBytes());
        return _folder["model.onnx"];
    }
}
