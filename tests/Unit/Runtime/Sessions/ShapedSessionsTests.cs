using ResNetEdge.Model;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Sessions;

/// <summary>A model with open dimensions whose shape changes from call to call.</summary>
public sealed class ShapedSessionsTests : IDisposable
{
    private const int Float32 = (int)ElementType.Float32;

    private readonly TempFolder _folder = new();

    [SkippableTheory, MemberData(nameof(Engines))]
    public void Each_shape_gives_what_a_session_of_that_shape_gives(string engine)
    {
        SessionModels.NeedsEngine(engine);
        var options = new SessionOptions { Engine = engine };
        using var sessions = new ShapedSessions(Picture(), options);
        foreach (var (height, width) in new[] { (3, 4), (5, 2), (3, 4), (1, 1), (5, 2), (3, 4) })
        {
            float[] x = [.. Enumerable.Range(0, height * width).Select(i => i * 0.5f)], y = new float[1], expected = new float[1];
            sessions.At("x", 1, 1, height, width).Run(x, y);
            using var alone = Session.Open(Picture(), options with { Shapes = new Dictionary<string, Shape> { ["x"] = new(1, 1, height, width) } });
            alone.Run(x, expected);
            Assert.Equal(expected, y);
        }

        Assert.Equal(3, sessions.Count);
    }

    public static TheoryData<string> Engines => SessionModels.Engines;

    [Fact]
    public void A_shape_that_comes_back_is_the_same_session_and_allocates_nothing()
    {
        using var sessions = new ShapedSessions(Picture());
        Session first = sessions.At("x", 1, 1, 3, 4), second = sessions.At("x", 1, 1, 6, 8);
        float[] x = new float[48], y = new float[1];
        void Both()
        {
            sessions.At("x", 1, 1, 3, 4).Run<float, float>(x.AsSpan(0, 12), y);
            sessions.At("x", 1, 1, 6, 8).Run<float, float>(x, y);
        }

        Both();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5; i++) Both();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Same(first, sessions.At("x", 1, 1, 3, 4));
        Assert.Same(second, sessions.At(new Dictionary<string, Shape> { ["x"] = new(1, 1, 6, 8) }));
    }

    [Fact]
    public void The_shape_not_used_for_longest_is_closed_for_a_new_one()
    {
        using var sessions = new ShapedSessions(Picture()) { MostShapes = 2 };
        Session one = sessions.At("x", 1, 1, 1, 1), two = sessions.At("x", 1, 1, 2, 2);
        Assert.Same(one, sessions.At("x", 1, 1, 1, 1));
        _ = sessions.At("x", 1, 1, 3, 3);
        Assert.Equal(2, sessions.Count);
        Assert.Same(one, sessions.At("x", 1, 1, 1, 1));
        Assert.Throws<ObjectDisposedException>(() => two.Fork());
        Assert.NotSame(two, sessions.At("x", 1, 1, 2, 2));
    }

    [Fact]
    public void Plans_take_no_more_bytes_than_allowed_but_for_the_one_asked_for()
    {
        using var sessions = new ShapedSessions(Picture()) { MostBytes = 100_000 };
        for (int size = 10; size <= 60; size += 10) _ = sessions.At("x", 1, 1, size, size); // 400 to 14,400 bytes each, and what is the plan's own
        Assert.InRange(sessions.Count, 2, 6);
        _ = sessions.At("x", 1, 1, 400, 400);
        Assert.Equal(1, sessions.Count);
    }

    [Fact]
    public void One_shape_settles_the_dimensions_of_its_names_and_several_may_be_given()
    {
        string path = Write(new TinyOnnx().Node("Add", ["a", "b"], ["sum"])
            .OpenInput("a", Float32, "N", "L").OpenInput("b", Float32, "N", "L").OpenOutput("sum", Float32, "N", "L"));
        using var sessions = new ShapedSessions(path);
        Assert.Equal(new Shape(2, 5), sessions.At("b", 2, 5).Outputs[0].Shape);
        Assert.Equal(new Shape(3, 4), sessions.At(new Dictionary<string, Shape> { ["a"] = new(3, 4), ["b"] = new(3, 4) }).Outputs[0].Shape);
        Assert.Equal(2, sessions.Count);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_refused_and_the_others_stay()
    {
        using var sessions = new ShapedSessions(Picture());
        var kept = sessions.At("x", 1, 1, 2, 2);
        Assert.Contains("unknown input 'z'", Assert.Throws<EdgeException>(() => sessions.At("z", 1)).Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Usage, Assert.Throws<EdgeException>(() => sessions.At("x", 1, 2, 2, 2)).Kind);
        Assert.Same(kept, sessions.At("x", 1, 1, 2, 2));
    }

    [Fact]
    public void Another_file_in_its_place_is_refused()
    {
        string path = Picture();
        using var sessions = new ShapedSessions(path);
        _ = sessions.At("x", 1, 1, 2, 2);
        File.WriteAllBytes(path, new TinyOnnx().Node("GlobalMaxPool", ["x"], ["pooled"])
            .OpenInput("x", Float32, "N", "1", "H", "W").OpenOutput("pooled", Float32, "N", "1", "1", "1").ToBytes());
        var e = Assert.Throws<EdgeException>(() => sessions.At("x", 1, 1, 3, 3));
        Assert.Equal(FailureKind.Refused, e.Kind);
        Assert.Contains("has changed since it was opened", e.Message, StringComparison.Ordinal);
        float[] x = new float[4], y = new float[1];
        sessions.At("x", 1, 1, 2, 2).Run(x, y);
    }

    [Fact]
    public void A_closed_one_gives_no_session()
    {
        var sessions = new ShapedSessions(Picture());
        var kept = sessions.At("x", 1, 1, 2, 2);
        sessions.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sessions.At("x", 1, 1, 2, 2));
        Assert.Throws<ObjectDisposedException>(() => kept.Fork());
    }

    public void Dispose() => _folder.Dispose();

    private string Picture() => File.Exists(_folder["model.onnx"]) ? _folder["model.onnx"]
        : Write(new TinyOnnx().Node("GlobalAveragePool", ["x"], ["y"])
            .OpenInput("x", Float32, "N", "1", "H", "W").OpenOutput("y", Float32, "N", "1", "1", "1"));

    private string Write(TinyOnnx model)
    {
        File.WriteAllBytes(_folder["model.onnx"], model.ToBytes());
        return _folder["model.onnx"];
    }
}
