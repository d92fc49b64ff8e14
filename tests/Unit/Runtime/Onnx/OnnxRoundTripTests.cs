using ResNetEdge.Model;
using ResNetEdge.Onnx;

namespace ResNetEdge.Tests.Unit.Runtime.Onnx;

public class OnnxRoundTripTests
{
    [Fact]
    public void What_is_written_is_read_back_equal()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var graph = WithBodyOpsets(RandomGraphs.Make(seed));
            RandomGraphs.AssertEqual(graph, OnnxReader.Read(Write(graph), $"seed {seed}"));
        }
    }

    [Fact]
    public void The_same_graph_gives_the_same_bytes_whatever_order_its_constants_were_added_in()
    {
        var graph = RandomGraphs.Make(5);
        for (int i = 0; i < 5; i++) graph.Add($"extra{i}", Tensor.Scalar(i));
        var reordered = graph.Clone();
        reordered.Initializers.Clear();
        foreach (var (name, value) in graph.Initializers.Reverse()) reordered.Initializers.Add(name, value);
        Assert.Equal(Write(graph), Write(reordered));
    }

    [Fact]
    public void Constants_are_slices_of_the_file()
    {
        var graph = RandomGraphs.Make(1);
        graph.Add("big", Tensor.From<float>(new Shape(1 << 20), new float[1 << 20]));
        byte[] file = Write(graph);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var read = OnnxReader.Read(file, "file");
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(read.Initializers["big"].Bytes.Span.Overlaps(file));
        Assert.InRange(allocated, 0, 1 << 20); // 4 MiB of weights
    }

    [Fact]
    public void Value_info_is_written_for_values_between_only()
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(2)));
        graph.Add(new Node("Relu", "a", ["x"], ["between"]));
        graph.Add(new Node("Relu", "b", ["between"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(2)));
        var values = new Dictionary<string, TensorInfo>();
        foreach (string name in (string[])["x", "between", "y", "not in the graph"]) values.Add(name, new(name, ElementType.Float32, new Shape(2)));
        using var stream = new MemoryStream();
        OnnxWriter.Write(graph, stream, values);
        var model = ResNetEdge.Onnx.Proto.ModelProto.Parser.ParseFrom(stream.ToArray());
        Assert.Equal("between", Assert.Single(model.Graph.ValueInfo).Name);
    }

    [Fact]
    public void An_output_without_a_type_is_not_written()
    {
        var graph = RandomGraphs.Make(2);
        graph.Outputs[0] = graph.Outputs[0] with { Type = ElementType.Undefined };
        Assert.Throws<InvalidOperationException>(() => Write(graph));
    }

    internal static byte[] Write(Graph graph)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(graph, stream);
        return stream.ToArray();
    }

    // A body has no operator set of its own: it is read with that of the model.
    private static Graph WithBodyOpsets(Graph graph)
    {
        foreach (var node in graph.Nodes)
        {
            foreach (string name in node.Attributes.Names)
            {
                if (node.Attributes[name] is Graph body) body.Opset = graph.Opset;
            }
        }

        return graph;
    }
}
