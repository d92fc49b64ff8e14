using System.Text.Json;
using ResNetEdge.Cli.Reports;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Service;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tasks;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;
using ResNetEdge.Tests.Unit.Runtime.Tasks.Depth;

namespace ResNetEdge.Tests.Unit.Runtime.Tasks;

/// <summary>
/// A task beyond classes goes all the way, from the engine's output to rules, outputs, the page and the command line, and nothing on that way
/// knows it: what makes it are the three files of <c>Depth/</c> and a line of a table.
/// </summary>
public sealed class NewTaskTests
{
    private static readonly TaskKind[] Table = [.. TaskTable.All, DepthTask.Kind];
    private static readonly TaskModel Model = new("depths.zip", [new TensorInfo("y", ElementType.Float32, new Shape(1, 1, 2, 2))], [], false, 5);

    [Fact]
    public void A_rule_watches_it_and_an_output_writes_it()
    {
        using var bench = new SinkBench();
        var settings = new JsonLinesSettings("out", Path.Combine(bench.Folder, "lines"), 1, 2, SinkBench.Both);
        var task = TaskTable.Bind(Table, "depth", Model)!;
        var rules = new RuleEngine([Rule("near")], task);
        using var frame = new FrameResult(task.NewResult());
        using (var sink = settings.Open(bench.Context))
        {
            Assert.Empty(rules.Update(Run(task, frame, 1, 9, 9, 1.5f, 9)).ToArray());
            sink.Accept(frame);
            var change = Assert.Single(rules.Update(Run(task, frame, 2, 0.5f, 9, 1.5f, 9)).ToArray());
            sink.Accept(frame);
            sink.Accept(change);
            SinkBench.Until(() => sink.Status.Delivered == 3, "the lines");
        }

        const string Head = """{"event":"result","frame":""";
        const string Middle = ""","sequence":0,"time":"0001-01-01T00:00:00+00:00","camera_time_s":0,"input":"","level":0""";
        const string Times = ""","preprocess_ms":0,"infer_ms":0,"end_to_end_ms":0}""";
        Assert.Equal(
            [
                Head + "1" + Middle + ""","nearest_m":1.5,"x":0,"y":1""" + Times,
                Head + "2" + Middle + ""","nearest_m":0.5,"x":0,"y":0""" + Times,
                """{"event":"rule","rule":"close","on":true,"label":"near","probability":0.5,"reason":"seen","frame":2"""
                + ""","camera_time_s":0,"time":"0001-01-01T00:00:00+00:00","why":{"threshold":0.5,"counted":1,"frames":1,"of":1}}""",
            ],
            File.ReadAllLines(settings.Path!));

        Assert.Empty(rules.Update(frame).ToArray()); // it is on already
    }

    [Fact]
    public void What_a_rule_watches_is_the_task_s_to_know()
    {
        var e = Assert.Throws<EdgeException>(() => new RuleEngine([Rule("cat")], TaskTable.Bind(Table, "depth", Model)!));
        Assert.Equal((FailureKind.BadInput, "rule 'close' watches 'cat', but in depths a rule can watch 'near' alone"), (e.Kind, e.Message));
    }

    [Fact]
    public void The_page_and_the_command_line_show_it()
    {
        var task = TaskTable.Bind(Table, "depth", Model)!;
        using var frame = new FrameResult(task.NewResult());
        Run(task, frame, 1, 9, 9, 1.5f, 9);
        var status = JsonDocument.Parse(StatusReport.Of(FakeWatched.Running() with { Answer = frame.Answer.Copy() }, "1").ToJson()).RootElement;
        Assert.Equal(("depth", "nearest 1.5 m"), (status.GetProperty("task").GetString(), status.GetProperty("text").GetString()));
        Assert.False(status.TryGetProperty("top", out _));
        Assert.Equal(
            """{"input":"a.png","engine":"fused","nearest_m":1.5,"x":0,"y":1,"infer_ms":2,"preprocess_ms":1,"decode_ms":0.5}""",
            new RunReport("a.png", null, "fused", frame.Answer, 2, 1, 0.5).ToJson());
    }

    [Fact]
    public void A_task_that_is_not_in_the_table_is_refused_with_those_that_are()
    {
        var e = Assert.Throws<EdgeException>(() => TaskTable.Bind("depth", Model));
        Assert.Equal((FailureKind.BadInput, "depths.zip: the task 'depth' is not known; known tasks: classification"), (e.Kind, e.Message));
        Assert.Null(TaskTable.Bind(Table, null, Model)); // nor is it guessed
    }

    private static RuleSettings Rule(string watched) => new("close", new([watched]), 0.5, 0.5, 1, 1, TimeSpan.Zero, TimeSpan.Zero, new([]));

    /// <summary>Runs a network that gives its input back.</summary>
    private static FrameResult Run(ModelTask task, FrameResult frame, long number, params float[] metres)
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, Model.Outputs[0].Shape));
        graph.Add(new Node("Identity", "same", ["x"], ["y"]));
        graph.Outputs.Add(Model.Outputs[0]);
        using var engine = new ReferenceEngine(graph);
        engine.SetInput<float>(0, metres);
        engine.Run();
        task.Read(engine, frame.Answer);
        frame.Frame = number;
        frame.Changed();
        return frame;
    }
}
