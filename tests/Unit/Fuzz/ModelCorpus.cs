using ResNetEdge.Model;
using ResNetEdge.Onnx.Proto;
using ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;
using ResNetEdge.Tests.Unit.Runtime.Onnx;
using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Fuzz;

/// <summary>
/// What the fuzzing starts from: random residual networks, in float and in int8, and chains in which each operator and each form that only other
/// opsets or domains have occurs at least once. All valid; small, because most of what goes wrong needs a few nodes.
/// </summary>
internal static class ModelCorpus
{
    private const int Networks = 60;

    /// <summary>Single-input operators that can be chained on a picture, with the domain they belong to.</summary>
    private static readonly (string OpType, string Domain)[] Chained =
    [
        .. ElementwiseFunctions.Operators.Select(o => (o.OpType, "")),
        ("Identity", ""), ("Dropout", ""), ("Softmax", ""), ("Flatten", ""), ("GlobalAveragePool", ""), ("Transpose", ""),
        ("Cast", ""), ("Shape", ""), ("QuantizeLinear", ""), ("QuantizeLinear", "com.microsoft"), ("Sum", ""), ("Squeeze", ""),
        ("Unsqueeze", ""), ("ReduceMean", ""),
    ];

    /// <summary>Every start.</summary>
    public static IReadOnlyList<ModelProto> All { get; } = [.. Enumerable.Range(0, Networks).Select(Network), .. Chained.Select(Chain)];

    /// <summary>Operator names that a mutation may put in place of another.</summary>
    public static IReadOnlyList<string> OpTypes { get; } =
    [
        .. ResNetEdge.Operators.OperatorTable.All.Select(o => o.OpType),
        .. ResNetEdge.Passes.Conversions.ConversionTable.All.Select(c => c.OpType), "LSTM", "",
    ];

    /// <summary>Attribute names that some operator knows.</summary>
    public static IReadOnlyList<string> Attributes { get; } =
    [
        "axis", "axes", "kernel_shape", "strides", "pads", "dilations", "group", "auto_pad", "ceil_mode", "count_include_pad", "epsilon", "momentum",
        "training_mode", "alpha", "beta", "transA", "transB", "to", "perm", "keepdims", "mode", "value", "min", "max", "starts", "ends", "saturate",
        "block_size", "output_dtype", "start", "end", "allowzero", "storage_order",
    ];

    private static ModelProto Network(int seed)
    {
        var graph = FuzzNetworks.Make(seed, isExact: seed % 2 == 0);
        if (seed % 2 == 0)
        {
            var random = new Random(seed);
            float[] input = [.. Enumerable.Range(0, graph.Inputs[0].Shape.ElementCount).Select(_ => random.Next(-64, 65) / 64f)];
            graph = FuzzQuantization.Apply(graph, input, seed);
        }

        return ModelProto.Parser.ParseFrom(OnnxRoundTripTests.Write(graph));
    }

    private static ModelProto Chain((string OpType, string Domain) op)
    {
        var graph = new Graph { Name = op.OpType };
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(1, 2, 4, 4)));
        string weights = graph.Add("w", Tensor.From<float>(new Shape(3, 2, 1, 1), [1, -1, 0.5f, 2, 0.25f, 3]));
        graph.Add(new Node("Conv", "conv", ["x", weights], ["conv.out"]));
        string[] inputs = op.OpType switch
        {
            "QuantizeLinear" => ["conv.out", graph.Add("scale", Tensor.Scalar(0.1f)), graph.Add("zero", Tensor.Scalar((byte)128))],
            "Clip" => ["conv.out", graph.Add("low", Tensor.Scalar(-1f)), graph.Add("high", Tensor.Scalar(1f))],
            "Unsqueeze" or "Squeeze" => ["conv.out", graph.Add("axes", Tensor.Vector<long>(0))],
            "Sum" => ["conv.out", "conv.out", "conv.out"],
            _ => ["conv.out"],
        };
        var node = new Node(op.OpType, "op", inputs, ["op.out"]) { Domain = op.Domain };
        graph.Add(op.OpType == "Cast" ? node.With("to", 1L) : node);
        string last = "op.out";
        if (op.OpType == "QuantizeLinear")
            last = graph.Add(new Node("DequantizeLinear", "back", ["op.out", "scale", "zero"], ["back.out"]) { Domain = op.Domain });
        graph.Outputs.Add(new TensorInfo(last, op.OpType == "Shape" ? ElementType.Int64 : ElementType.Float32, new Shape(1)));
        return ModelProto.Parser.ParseFrom(OnnxRoundTripTests.Write(graph));
    }
}
