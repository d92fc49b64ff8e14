using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

public class EinsumTests
{
    /// <summary>A double would round the largest of these sums.</summary>
    [Fact]
    public void Integers_are_summed_without_rounding()
    {
        var graph = GraphOf("ij,kj->ik", ElementType.Int64, new Shape(2, 3), new Shape(2, 3));
        using var engine = new ReferenceEngine(graph);
        var large = Tensor.From<long>(new Shape(2, 3), [1L << 60, 2, 3, -4, 5, 1]);
        engine.SetInputBytes(0, large.Bytes.Span);
        engine.SetInputBytes(1, Tensor.From<long>(new Shape(2, 3), [1, 1, 1, 0, 2, -1]).Bytes.Span);
        engine.Run();
        byte[] found = new byte[4 * sizeof(long)];
        engine.GetOutputBytes(0, found);
        Assert.Equal([(1L << 60) + 5, 1, 2, 9], new Tensor(ElementType.Int64, new Shape(2, 2), found).As<long>().ToArray());
    }

    [Theory]
    [InlineData("ij,jk->im", "'m'")]
    [InlineData("ij->ij", "2 inputs")]
    [InlineData("ijk,jk->ik", "does not fit")]
    [InlineData("ij,ik->jk", "sizes 2 and 3")]
    [InlineData("i.j,jk->ik", "does not fit")]
    [InlineData("i1,jk->ik", "'1'")]
    public void A_malformed_equation_is_refused(string equation, string expected)
    {
        var graph = GraphOf(equation, ElementType.Float32, new Shape(2, 3), new Shape(3, 3));
        var refused = Assert.Throws<EdgeException>(() => new ReferenceEngine(graph));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    private static Graph GraphOf(string equation, ElementType type, params Shape[] shapes)
    {
        var graph = new Graph();
        for (int i = 0; i < shapes.Length; i++) graph.Inputs.Add(new TensorInfo($"in{i}", type, shapes[i]));
        graph.Add(new Node("Einsum", "einsum", graph.Inputs.Select(static i => i.Name), ["y"]).With("equation", equation));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Undefined, default));
        return graph;
    }
}
