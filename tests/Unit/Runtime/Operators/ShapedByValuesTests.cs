using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

/// <summary>Shapes that follow from values known only when the network runs.</summary>
public class ShapedByValuesTests
{
    [Theory]
    [InlineData("Reshape", 3, 8), InlineData("Expand", 4, 24), InlineData("Tile", 2, 1), InlineData("ConstantOfShape", 3, 7)]
    public void Values_that_give_another_shape_than_the_file_declares_are_refused_when_the_network_runs(string name, int first, int second)
    {
        var graph = GraphOf(name, declares: true);
        foreach (IEngine engine in new IEngine[] { new ReferenceEngine(graph), new FusedEngine(graph, new EngineOptions()) })
        {
            using (engine)
            {
                engine.SetInput<long>(engine.Inputs.Count - 1, [first, second]);
                var refused = Assert.Throws<EdgeException>(engine.Run);
                Assert.Equal(FailureKind.BadInput, refused.Kind);
                Assert.Contains($"{name} 'node': ", refused.Message, StringComparison.Ordinal);
                Assert.Contains("but the file declares 4x6", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("Reshape"), InlineData("Expand"), InlineData("Tile"), InlineData("ConstantOfShape")]
    public void Without_a_declared_shape_the_values_must_be_constant(string name)
    {
        var refused = Assert.Throws<EdgeException>(() => PassList.Run(GraphOf(name, declares: false)));
        Assert.Contains("must be a constant, or the file must declare the shape of the output", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_declared_shape_of_another_size_is_refused_when_the_model_is_loaded()
    {
        var graph = GraphOf("Reshape", declares: true);
        graph.Outputs[0] = graph.Outputs[0] with { Shape = new Shape(5, 5) };
        var refused = Assert.Throws<EdgeException>(() => PassList.Run(graph));
        Assert.Contains("declares an output of shape 5x5, which no input can give", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gather", 2), InlineData("Gather", -3), InlineData("GatherElements", 2), InlineData("ScatterElements", -3)]
    public void An_index_outside_of_the_data_is_refused_when_the_network_runs(string name, int index)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(2)));
        graph.Inputs.Add(new("i", ElementType.Int64, new Shape(1)));
        string[] inputs = name == "ScatterElements" ? ["x", "i", graph.Add("u", Tensor.Vector<float>(1))] : ["x", "i"];
        graph.Add(new Node(name, "node", inputs, ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(name == "ScatterElements" ? 2 : 1)));
        using var engine = new FusedEngine(graph, new EngineOptions());
        engine.SetInput<long>(1, [index]);
        Assert.Contains($"index {index} of a dimension of 2", Assert.Throws<EdgeException>(engine.Run).Message, StringComparison.Ordinal);
    }

    private static Graph GraphOf(string name, bool declares)
    {
        var graph = new Graph();
        bool hasData = name != "ConstantOfShape";
        var data = name == "Reshape" ? new Shape(24) : name == "Tile" ? new Shape(4, 3) : new Shape(4, 1);
        if (hasData) graph.Inputs.Add(new("x", ElementType.Float32, data));
        graph.Inputs.Add(new("shape", ElementType.Int64, new Shape(2)));
        graph.Add(new Node(name, "node", hasData ? ["x", "shape"] : ["shape"], ["y"]));
        graph.Outputs.Add(declares ? new("y", ElementType.Float32, new Shape(4, 6)) : new("y", ElementType.Undefined, default));
        return graph;
    }
}
