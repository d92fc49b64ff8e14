using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>Values of which a dimension is 0.</summary>
public class EmptyValueTests
{
    [Fact]
    public void Steps_whose_outputs_are_empty_run_nothing()
    {
        var graph = Graph(new Shape(0, 3, 4, 4), new Shape(0, 2, 4, 4), ElementType.Float32,
            new Node("Conv", "conv", ["x", "w"], ["c"]), new Node("Relu", "relu", ["c"], ["y"]));
        graph.Add("w", Tensor.From<float>(new Shape(2, 3, 1, 1), [1, 2, 3, 4, 5, 6]));
        using var engine = new FusedEngine(graph, new EngineOptions());
        Assert.Empty(engine.Plan.Steps);
        engine.SetInput<float>(0, []);
        engine.Run();
        engine.GetOutput<float>(0, []);
    }

    [Fact]
    public void What_reads_an_empty_value_and_gives_others_is_right()
    {
        var graph = Graph(new Shape(1, 0, 2, 2), new Shape(1, 1, 2, 2), ElementType.Float32,
            new Node("Concat", "concat", ["x", "more"], ["y"]).With("axis", 1L));
        graph.Inputs.Add(new("more", ElementType.Float32, new Shape(1, 1, 2, 2)));
        using var engine = new FusedEngine(graph, new EngineOptions());
        engine.SetInput<float>(0, []);
        engine.SetInput<float>(1, [1, 2, 3, 4]);
        engine.Run();
        float[] y = new float[4];
        engine.GetOutput<float>(0, y);
        Assert.Equal([1, 2, 3, 4], y);
    }

    [Fact]
    public void Empty_values_of_any_type_pass_through_views()
    {
        var graph = Graph(new Shape(0, 6), new Shape(0, 2, 3), ElementType.Int64, new Node("Reshape", "reshape", ["x", "shape"], ["y"]));
        graph.Add("shape", Tensor.Vector(0L, 2, 3));
        using var engine = new FusedEngine(graph, new EngineOptions());
        engine.SetInput<long>(0, []);
        engine.Run();
        engine.GetOutput<long>(0, []);
        Assert.Equal(new Shape(0, 2, 3), engine.Outputs[0].Shape);
    }

    private static Graph Graph(Shape x, Shape y, ElementType type, params Node[] nodes)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", type, x));
        foreach (var node in nodes) graph.Add(node);
        graph.Outputs.Add(new("y", type, y));
        return graph;
    }
}
