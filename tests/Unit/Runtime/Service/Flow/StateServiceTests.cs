using ResNetEdge.Device.Cameras;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Preprocess;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>A network that remembers, in the service: its frames are one stream.</summary>
public class StateServiceTests
{
    private const int Side = 8;

    [Fact]
    public void The_state_goes_from_frame_to_frame()
    {
        using var running = new RunningService();
        WriteCounter(running.Folder["model"], version: 5);
        string[] labels = Labels(running, FakeStep.Bright, FakeStep.Bright, FakeStep.Dark, FakeStep.Dark, FakeStep.Dark);
        // After as many dark frames as bright ones both are as likely.
        Assert.Equal(["bright", "bright", "bright", "dark"], labels.Where(static (_, i) => i != 3));
    }

    [Fact]
    public void A_frame_that_cannot_be_used_leaves_the_state_as_it_is()
    {
        using var running = new RunningService();
        WriteCounter(running.Folder["model"], version: 5);
        var coded = new FakeStep(FakeStepKind.Frame, 7, default, FourCc.Mjpeg); // no JPEG begins like that
        Assert.Equal("bright", Labels(running, FakeStep.Bright, FakeStep.Bright, coded, coded, coded, FakeStep.Dark)[^1]);
    }

    [Fact]
    public void Another_model_begins_at_zeros()
    {
        using var running = new RunningService();
        WriteCounter(running.Folder["model"], version: 5);
        Labels(running, FakeStep.Bright, FakeStep.Bright, FakeStep.Bright, FakeStep.Bright, FakeStep.Bright, FakeStep.Bright, FakeStep.Bright);
        Directory.Delete(running.Folder["model"], recursive: true);
        WriteCounter(running.Folder["model"], version: 6);
        running.LetItNotice(); // three dark frames
        Assert.Equal("dark", Labels(running, FakeStep.Dark)[0]);
    }

    private static string[] Labels(RunningService running, params FakeStep[] steps) => [.. steps.Select(step =>
    {
        running.Run(step);
        return Classes.Top(running.Snapshot.Answer)[0].Label ?? "";
    })];

    /// <summary>Adds up how bright the frames were: logits are the state of before and this frame's brightness between -1 and 1.</summary>
    private static void WriteCounter(string path, long version)
    {
        var picture = new Shape(1, 1, Side, Side);
        var sums = new Shape(1, 2);
        var graph = new Graph { Name = "counter" };
        graph.Inputs.Add(new("x", ElementType.Float32, picture));
        graph.Inputs.Add(new("before", ElementType.Float32, sums));
        graph.Add("w", Tensor.From<float>(sums, [2, -2]));
        graph.Add("b", Tensor.From<float>(new Shape(2), [-1, 1]));
        graph.Add(new Node("GlobalAveragePool", "pool", ["x"], ["m"]));
        graph.Add(new Node("Flatten", "flat", ["m"], ["f"]));
        graph.Add(new Node("Gemm", "fc", ["f", "w", "b"], ["brightness"]));
        graph.Add(new Node("Add", "sum", ["brightness", "before"], ["y"]));
        graph.Add(new Node("Identity", "keep", ["y"], ["after"]));
        graph.Outputs.Add(new("y", ElementType.Float32, sums));
        graph.Outputs.Add(new("after", ElementType.Float32, sums));
        var manifest = new Manifest
        {
            Name = "counter",
            ExporterVersion = "0.1.0",
            Precision = "fp32",
            ModelVersion = version,
            Inputs = [new("x", "float32", [1, 1, Side, Side], "NCHW"), new("before", "float32", [1, 2], null)],
            Preprocess = ManifestPreprocess.From(new PreprocessSpec { Height = Side, Width = Side, Color = ColorOrder.Gray, Mean = [0], Std = [1] }),
            States = [new("after", "before")],
            Golden = new(1, 0.001),
        };
        // Golden vectors show the network as it is, with the state going in and out.
        var input = Tensor.From<float>(picture, [.. Enumerable.Repeat(0.75f, Side * Side)]);
        Tensor before = Tensor.From<float>(sums, [3, -4]), after = Tensor.From<float>(sums, [3.5f, -4.5f]);
        PackageWriter.Write(path, new(manifest, graph, ["bright", "dark"], [new([input, before], [after, after])]));
    }
}
