using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Operators;

namespace ResNetEdge.Tests.Vm;

/// <summary>
/// A residual network that tells a bright picture from a dark one, with weights written down instead of trained: what the emulated
/// device's camera is asked to show, its GPIO line must say. <c>tests/Vm/bright.onnx</c> is this network.
/// </summary>
/// <remarks>
/// All channels hold the mean v of the picture: the stem averages 3×3×3 values, each convolution of the block averages the channels,
/// the add doubles. The classifier gives 12·v − 6 for <c>bright</c> and the opposite for <c>dark</c>.
/// </remarks>
internal static class BrightNetwork
{
    private const int Side = 32, Colors = 3, Channels = 4, StemKernel = 3;

    /// <summary>The order of the outputs.</summary>
    public static IReadOnlyList<string> Labels { get; } = ["dark", "bright"];

    /// <summary>The network in fp32.</summary>
    public static Graph Make()
    {
        var graph = new Graph { Name = "bright" };
        graph.Inputs.Add(new("input", ElementType.Float32, new Shape(1, Colors, Side, Side)));
        string stem = Relu(graph, "relu1", Average(graph, "conv1", "input", Colors, StemKernel));
        string branch = Average(graph, "block.conv2", Relu(graph, "block.relu1", Average(graph, "block.conv1", stem, Channels, 1)), Channels, 1);
        string sum = Relu(graph, "block.relu", graph.Add(new Node("Add", "block.add", [branch, stem], ["block.add"])));
        string flat = graph.Add(
            new Node("Flatten", "flatten", [graph.Add(new Node("GlobalAveragePool", "pool", [sum], ["pool"]))], ["flatten"]).With("axis", 1L));
        string weights =
            graph.Add("fc.weight", Tensor.From<float>(new Shape(Labels.Count, Channels), [-1.5f, -1.5f, -1.5f, -1.5f, 1.5f, 1.5f, 1.5f, 1.5f]));
        string bias = graph.Add("fc.bias", Tensor.Vector(6f, -6f));
        graph.Add(new Node("Gemm", "fc", [flat, weights, bias], ["logits"]).With("transB", 1L));
        graph.Outputs.Add(new("logits", ElementType.Float32, new Shape(1, Labels.Count)));
        return graph;
    }

    /// <summary>The network as a file.</summary>
    public static byte[] ToBytes()
    {
        var graph = Make();
        using var stream = new MemoryStream();
        OnnxWriter.Write(graph, stream, ShapeInference.Infer(graph));
        return stream.ToArray();
    }

    private static string Relu(Graph graph, string name, string x) => graph.Add(new Node("Relu", name, [x], [name]));

    /// <summary>A convolution without padding whose every filter is the mean of what it sees.</summary>
    private static string Average(Graph graph, string name, string x, int channels, int kernel)
    {
        var mean = new float[Channels * channels * kernel * kernel];
        Array.Fill(mean, 1f / (channels * kernel * kernel));
        string weights = graph.Add(name + ".weight", Tensor.From<float>(new Shape(Channels, channels, kernel, kernel), mean));
        return graph.Add(new Node("Conv", name, [x, weights], [name])
            .With("kernel_shape", new long[] { kernel, kernel }).With("strides", new long[] { 1, 1 }).With("pads", new long[] { 0, 0, 0, 0 })
            .With("dilations", new long[] { 1, 1 }).With("group", 1L));
    }
}
