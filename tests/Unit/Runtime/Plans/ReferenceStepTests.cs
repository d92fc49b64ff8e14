using ResNetEdge.Backends.Null;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Plans;
using ResNetEdge.Plans.Fusions;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

public class ReferenceStepTests
{
    private static readonly TensorInfo X = new("x", ElementType.Float32, new Shape(4, 6));

    /// <summary>No operator has two outputs yet, so the graph holds the values but not the node.</summary>
    [Fact]
    public void A_node_of_several_outputs_is_one_step_that_writes_them_all()
    {
        var plan = new PlanBuilder(new Graph { Inputs = { X } }, new NullBackend(), 1);
        plan.AddInput(X);
        plan.Index.Declare(new TensorInfo("left", ElementType.Float32, new Shape(4, 2)));
        plan.Index.Declare(new TensorInfo("right", ElementType.Int64, new Shape(4, 4)));
        Assert.True(new ReferenceStep().TryPlan(plan, new Node("Split", "split", ["x"], ["left", "", "right"])));

        var step = Assert.Single(plan.Steps.Steps);
        PlanBuffer left = plan.Demand("left", ElementType.Float32, Layout.Plain), right = plan.Demand("right", ElementType.Int64, Layout.Plain);
        Assert.Single(plan.Steps.Steps);
        Assert.Equal([left, right], step.Writes);
        Assert.All(step.Writes, written => Assert.Equal(0, written.Storage.First));

        ArenaLayout.Place(plan.Steps.Storages);
        var bound = (ReferenceProblem)step.Bind();
        bound.Check();
        Assert.Equal([left.Offset, null, right.Offset], bound.Outputs.Select(output => output?.Offset));
        Assert.Equal(step.Reads[0].Offset, Assert.Single(bound.Inputs)!.Offset);
        Assert.Equal(3, new[] { left.Offset, right.Offset, step.Reads[0].Offset }.Distinct().Count());
    }

    [Fact]
    public void More_values_than_fit_a_stack_are_refused()
    {
        var plan = new PlanBuilder(new Graph { Inputs = { X } }, new NullBackend(), 1);
        var node = new Node("Split", "split", ["x"], [.. Enumerable.Range(0, ReferenceProblem.MaxValues + 1).Select(i => $"part{i}")]);
        var failure = Assert.Throws<EdgeException>(() => new ReferenceStep().TryPlan(plan, node));
        Assert.Contains("1 inputs and 65 outputs; at most 64", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_optional_input_that_is_left_out_does_not_move_the_next()
    {
        var graph = new Graph { Inputs = { X } };
        graph.Add("high", Tensor.From<float>(new Shape(), [2]));
        graph.Add(new Node("Clip", "clip", ["x", "", "high"], ["y"]));
        graph.Outputs.Add(X with { Name = "y" });
        float[] x = [.. Enumerable.Range(-12, 24).Select(i => (float)i)];
        Assert.Equal(x.Select(v => Math.Min(v, 2)), PlannerTests.Run(new FusedEngine(graph, new EngineOptions()), x));
    }
}
