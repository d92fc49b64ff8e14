using ResNetEdge.Engines;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Exporter.Evaluation;

/// <summary>Numpy files as samples of a network whose input is no picture.</summary>
public class ArraySamplesTests
{
    private static readonly TensorInfo[] Inputs = [new("x", ElementType.Float32, new Shape(1, 2))];

    [Fact]
    public void Files_with_a_batch_give_as_many_samples_and_some_of_them_are_evenly_spread()
    {
        using var folder = new TempFolder();
        Write(folder["a.npy"], new Shape(3, 2), [0, 1, 2, 3, 4, 5]);
        Write(folder["b.npy"], new Shape(1, 2), [6, 7]);
        using var all = ArraySamples.Open(folder.Path, Inputs, 100)!;
        Assert.Equal((4, 4), (all.Available, all.Count));
        for (int i = 0; i < 4; i++) Assert.Equal([2f * i, 2 * i + 1], Fed(all, i));
        using var some = ArraySamples.Open(folder.Path, Inputs, 2)!;
        Assert.Equal((4, 2), (some.Available, some.Count));
        Assert.Equal([0f, 1], Fed(some, 0));
        Assert.Equal([4f, 5], Fed(some, 1));
        Assert.Equal([4f, 5], some.Inputs(1, Inputs)[0].ToFloats());
        using var one = ArraySamples.Open(folder["b.npy"], Inputs, 100)!;
        Assert.Equal(1, one.Available);
    }

    [Fact]
    public void Pictures_are_left_to_others_and_a_mixed_folder_is_refused()
    {
        using var folder = new TempFolder();
        folder.Write("1.png", [1, 2, 3]);
        Assert.Null(ArraySamples.Open(folder.Path, Inputs, 100));
        Write(folder["2.npy"], new Shape(1, 2), [6, 7]);
        Assert.Contains("1.png", Assert.Throws<EdgeException>(() => ArraySamples.Open(folder.Path, Inputs, 100)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_of_another_shape_is_refused_by_name()
    {
        using var folder = new TempFolder();
        Write(folder["odd.npy"], new Shape(1, 3), [1, 2, 3]);
        var refused = Assert.Throws<EdgeException>(() => ArraySamples.Open(folder["odd.npy"], Inputs, 100));
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.Contains("odd.npy", refused.Message, StringComparison.Ordinal);
    }

    private static float[] Fed(ArraySamples samples, int index)
    {
        var graph = new Graph();
        graph.Inputs.AddRange(Inputs);
        graph.Outputs.Add(new(graph.Add(new Node("Identity", "same", ["x"], ["y"])), ElementType.Float32, new Shape(1, 2)));
        using var engine = new ReferenceEngine(graph);
        samples.Feed(engine, index);
        engine.Run();
        float[] output = new float[2];
        engine.GetOutput<float>(0, output);
        return output;
    }

    private static void Write(string path, Shape shape, float[] values)
    {
        using var stream = File.Create(path);
        Npy.Write(stream, ElementType.Float32, shape, Tensor.From<float>(shape, values).Bytes.Span);
    }
}
