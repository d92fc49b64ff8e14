using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Passes.Conversions;

/// <summary>If, Loop and Scan, which are written out when a model is read.</summary>
public class ControlFlowTests
{
    private static readonly Shape Scalar = Shape.Scalar, Pair = new(2);

    [Fact]
    public void A_loop_carries_values_and_collects_what_each_round_gives()
    {
        // state = state + x, collected each round; x is a value of the graph around it
        var body = Body(["round", "go", "state"], ["go", "next", "seen"],
            new Node("Add", "add", ["state", "x"], ["next"]), new Node("Identity", "see", ["next"], ["seen"]));
        var loop = new Node("Loop", "loop", ["count", "", "zero"], ["last", "all"]).With("body", body);
        var graph = Around(loop, ("last", Pair), ("all", new Shape(3, 2)));
        graph.Add("count", Tensor.Scalar(3L));
        graph.Add("zero", Tensor.Vector(0f, 0));
        Assert.Equal([[3f, 6], [1, 2, 2, 4, 3, 6]], Run(graph, [1, 2]));
    }

    [Fact]
    public void A_loop_ends_when_its_condition_does()
    {
        // goes on while 2 - round is not 0: three rounds
        var body = Body(["round", "go", "state"], ["more", "next"],
            new Node("Sub", "left", ["two", "round"], ["left"]), new Node("Cast", "cast", ["left"], ["more"]).With("to", (long)ElementType.Bool),
            new Node("Add", "add", ["state", "state"], ["next"]));
        body.Add("two", Tensor.Scalar(2L));
        var graph = Around(new Node("Loop", "loop", ["", "yes", "x"], ["y"]).With("body", body), ("y", Pair));
        graph.Add("yes", Tensor.Scalar(true));
        Assert.Equal([[8f, 16]], Run(graph, [1, 2]));
    }

    [Fact]
    public void A_loop_of_no_rounds_gives_what_it_was_given_and_collects_nothing()
    {
        var body = Body(["round", "go", "state"], ["go", "state", "seen"], new Node("Identity", "see", ["state"], ["seen"]));
        body.Outputs[2] = new("seen", ElementType.Float32, Pair);
        var graph = Around(new Node("Loop", "loop", ["count", "", "x"], ["y", "all"]).With("body", body), ("y", Pair), ("all", new Shape(0, 2)));
        graph.Add("count", Tensor.Scalar(0L));
        Assert.Equal([[1f, 2], []], Run(graph, [1, 2]));
    }

    [Fact]
    public void A_loop_without_an_end_is_refused()
    {
        var body = Body(["round", "go", "state"], ["go", "next"], new Node("Add", "add", ["state", "state"], ["next"]));
        var graph = Around(new Node("Loop", "loop", ["", "yes", "x"], ["y"]).With("body", body), ("y", Pair));
        graph.Add("yes", Tensor.Scalar(true));
        Refused(graph, "nodes, more than the");
    }

    [Fact]
    public void A_loop_whose_trip_count_is_computed_is_refused()
    {
        var body = Body(["round", "go", "state"], ["go", "state"], new Node("Identity", "nothing", ["state"], ["unread"]));
        var graph = Around(new Node("Loop", "loop", ["count", "", "x"], ["y"]).With("body", body), ("y", Pair));
        graph.Inputs.Add(new("count", ElementType.Int64, Scalar));
        Refused(graph, "Loop 'loop': its trip count must be a constant");
    }

    [Theory]
    [InlineData(true, 3f, 6)]
    [InlineData(false, -1f, -2)]
    public void A_condition_that_is_known_takes_its_branch(bool condition, float first, float second)
    {
        var graph = Around(Choice(), ("y", Pair));
        graph.Add("condition", Tensor.Scalar(condition));
        Assert.Equal([[first, second]], Run(graph, [1, 2]));
        Assert.DoesNotContain(PassList.Run(graph).Nodes, node => node.OpType is "If" or "Where");
    }

    [SkippableTheory]
    [InlineData(true, 3f, 6)]
    [InlineData(false, -1f, -2)]
    public void A_condition_that_is_computed_chooses_between_both(bool condition, float first, float second)
    {
        Skip.IfNot(OperatorTable.All.Any(static o => o.OpType == "Where"), "Where is not known here");
        var graph = Around(Choice(), ("y", Pair));
        graph.Inputs.Add(new("condition", ElementType.Bool, new Shape(1)));
        using var engine = new FusedEngine(graph, new EngineOptions());
        engine.SetInput<float>(0, [1, 2]);
        engine.SetInput<bool>(1, [condition]);
        engine.Run();
        float[] y = new float[2];
        engine.GetOutput<float>(0, y);
        Assert.Equal([first, second], y);
    }

    [Fact]
    public void Bodies_within_bodies_see_what_is_around_them()
    {
        var inner = Body([], ["same"], new Node("Mul", "mul", ["state", "x"], ["same"]));
        var other = Body([], ["same"], new Node("Sub", "sub", ["state", "x"], ["same"]));
        var body = Body(["round", "go", "state"], ["go", "next"], new Node("Cast", "odd", ["round"], ["odd"]).With("to", (long)ElementType.Bool),
            new Node("If", "if", ["odd"], ["next"]).With("then_branch", inner).With("else_branch", other));
        var graph = Around(new Node("Loop", "loop", ["count", "", "start"], ["y"]).With("body", body), ("y", Pair));
        graph.Add("count", Tensor.Scalar(2L));
        graph.Add("start", Tensor.Vector(10f, 10));
        Assert.Equal([[(10f - 1) * 1, (10f - 2) * 2]], Run(graph, [1, 2]));
    }

    [Fact]
    public void A_scan_walks_along_an_axis_in_either_direction()
    {
        var body = Body(["sum", "item"], ["next", "seen"],
            new Node("Add", "add", ["sum", "item"], ["next"]), new Node("Identity", "see", ["next"], ["seen"]));
        var scan = new Node("Scan", "scan", ["zero", "table"], ["total", "all"]).With("body", body).With("num_scan_inputs", 1L)
            .With("scan_input_axes", new long[] { 1 }).With("scan_input_directions", new long[] { 1 })
            .With("scan_output_axes", new long[] { -1 }).With("scan_output_directions", new long[] { 1 });
        var graph = Around(scan, ("total", Pair), ("all", new Shape(2, 3)));
        graph.Add("zero", Tensor.Vector(0f, 0));
        graph.Inputs[0] = new("table", ElementType.Float32, new Shape(2, 3));
        Assert.Equal([[6f, 60], [6, 5, 3, 60, 50, 30]], Run(graph, [1, 2, 3, 10, 20, 30]));
    }

    [Fact]
    public void A_scan_of_operator_set_8_has_a_batch()
    {
        var body = Body(["sum", "item"], ["next", "seen"],
            new Node("Add", "add", ["sum", "item"], ["next"]), new Node("Identity", "see", ["next"], ["seen"]));
        var scan = new Node("Scan", "scan", ["", "zero", "table"], ["total", "all"]).With("body", body).With("num_scan_inputs", 1L);
        var graph = Around(scan, ("total", new Shape(2, 1)), ("all", new Shape(2, 3, 1)));
        graph.Opset = 8;
        graph.Add("zero", Tensor.From<float>(new Shape(2, 1), [0, 100]));
        graph.Inputs[0] = new("table", ElementType.Float32, new Shape(2, 3, 1));
        Assert.Equal([[6f, 160], [1, 3, 6, 110, 130, 160]], Run(graph, [1, 2, 3, 10, 20, 30]));
    }

    [Fact]
    public void Halves_in_a_body_are_computed_in_float32()
    {
        var body = Body(["round", "go", "state"], ["go", "next"], new Node("Add", "add", ["state", "half"], ["next"]));
        body.Add("half", Tensor.Vector((Half)0.5f, (Half)1));
        var graph = Around(new Node("Loop", "loop", ["count", "", "x"], ["y"]).With("body", body), ("y", Pair));
        graph.Add("count", Tensor.Scalar(2L));
        Assert.Equal([[2f, 4]], Run(graph, [1, 2]));
        Assert.Equal(ElementType.Float16, body.Initializers["half"].Type); // that of the file
    }

    private static Node Choice() => new Node("If", "if", ["condition"], ["y"])
        .With("then_branch", Body([], ["same"], new Node("Add", "more", ["x", "x"], ["twice"]), new Node("Add", "add", ["twice", "x"], ["same"])))
        .With("else_branch", Body([], ["same"], new Node("Add", "more", ["x", "x"], ["twice"]), new Node("Sub", "sub", ["x", "twice"], ["same"])));

    private static Graph Body(string[] inputs, string[] outputs, params Node[] nodes)
    {
        var body = new Graph();
        foreach (string input in inputs) body.Inputs.Add(new(input, ElementType.Undefined, default));
        foreach (var node in nodes) body.Add(node);
        foreach (string output in outputs) body.Outputs.Add(new(output, ElementType.Undefined, default));
        return body;
    }

    private static Graph Around(Node node, params (string Name, Shape Shape)[] outputs)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, Pair));
        graph.Add(node);
        foreach (var (name, shape) in outputs) graph.Outputs.Add(new(name, ElementType.Float32, shape));
        return graph;
    }

    private static float[][] Run(Graph graph, float[] x)
    {
        using var engine = new FusedEngine(graph, new EngineOptions());
        engine.SetInput<float>(0, x);
        engine.Run();
        return [.. engine.Outputs.Select((output, i) =>
        {
            float[] values = new float[output.Shape.ElementCount];
            engine.GetOutput<float>(i, values);
            return values;
        })];
    }

    private static void Refused(Graph graph, string expected) =>
        Assert.Contains(expected, Assert.Throws<EdgeException>(() => PassList.Run(graph)).Message, StringComparison.Ordinal);
}
