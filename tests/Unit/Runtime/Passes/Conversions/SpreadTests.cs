using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Passes.Conversions;

/// <summary>Broadcasting as operator sets 1 to 6 had it, of ONNX's text on Add: the second value lies at an axis of the first.</summary>
public class SpreadTests
{
    private static readonly Shape Picture = new(1, 2, 3, 2);
    private static readonly float[] X = [.. Enumerable.Range(0, 12).Select(static i => (float)i)];

    /// <summary>Where in the second value the element comes from that meets (n, c, h, w) of the first.</summary>
    public static TheoryData<long?, int[], Func<int, int, int, int>> Places => new()
    {
        { null, [3, 2], static (c, h, w) => h * 2 + w },
        { 1, [2], static (c, h, w) => c },
        { 1, [2, 3], static (c, h, w) => c * 3 + h },
        { 2, [3], static (c, h, w) => h },
        { -2, [3, 2], static (c, h, w) => h * 2 + w },
        { 0, [1, 2], static (c, h, w) => c },
        { null, [1], static (c, h, w) => 0 },
    };

    [Theory, MemberData(nameof(Places))]
    public void The_second_value_lies_at_the_axis_that_the_node_names(long? axis, int[] shape, Func<int, int, int, int> place)
    {
        float[] second = [.. Enumerable.Range(0, new Shape(shape).ElementCount).Select(static i => 100f * (i + 1))];
        foreach (bool isConstant in new[] { true, false })
        {
            var graph = Graph(isConstant, Tensor.From<float>(new Shape(shape), second));
            var node = new Node("Sub", "sub", ["x", "b"], ["y"]).With("broadcast", 1L);
            if (axis is { } given) node.With("axis", given);
            float[] y = Run(graph, node, second, isConstant);
            for (int i = 0; i < X.Length; i++) Assert.Equal(X[i] - second[place(i / 6, i / 2 % 3, i % 2)], y[i]);
        }
    }

    [Fact]
    public void A_value_that_does_not_fit_at_the_axis_is_refused()
    {
        var graph = Graph(true, Tensor.From<float>(new Shape(3, 2), new float[6]));
        graph.Add(new Node("Sub", "sub", ["x", "b"], ["y"]).With("broadcast", 1L).With("axis", 3L));
        var refused = Assert.Throws<EdgeException>(() => PassList.Read(graph));
        Assert.Contains("Sub 'sub': a value of shape 3x2 at axis 3", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, new[] { -10f, 5f }, 0), InlineData(7, new[] { -10f, 5f }, 1)]
    public void A_list_of_slopes_belonged_to_the_channels_before_set_7(int opset, float[] slopes, int axisFromEnd)
    {
        var graph = Graph(true, Tensor.Vector<float>(slopes));
        graph.Opset = opset;
        float[] y = Run(graph, new Node("PRelu", "prelu", ["x", "b"], ["y"]), slopes, true, [.. X.Select(static x => -x)]);
        for (int i = 0; i < X.Length; i++) Assert.Equal(-X[i] * slopes[axisFromEnd == 0 ? i / 6 : i % 2], y[i]);
    }

    private static Graph Graph(bool isConstant, Tensor second)
    {
        var graph = new Graph { Opset = 6 };
        graph.Inputs.Add(new("x", ElementType.Float32, Picture));
        if (isConstant) graph.Add("b", second);
        else graph.Inputs.Add(new("b", second.Type, second.Shape));
        return graph;
    }

    private static float[] Run(Graph graph, Node node, float[] second, bool isConstant, float[]? first = null)
    {
        graph.Add(node);
        graph.Outputs.Add(new("y", ElementType.Float32, Picture));
        using var engine = new ReferenceEngine(PassList.Read(graph));
        engine.SetInput<float>(0, first ?? X);
        if (!isConstant) engine.SetInput<float>(1, second);
        engine.Run();
        float[] y = new float[X.Length];
        engine.GetOutput<float>(0, y);
        return y;
    }
}
