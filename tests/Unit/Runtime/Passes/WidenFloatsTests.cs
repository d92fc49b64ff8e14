using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Passes;

public class WidenFloatsTests
{
    [SkippableFact]
    public void A_network_of_halves_gives_what_ONNX_Runtime_gives()
    {
        OnnxRuntimeHere.OrSkip();
        OnnxRuntimeRun.AssertSame(Network(ElementType.Float16), 4e-3); // it rounds to half in between
    }

    [SkippableFact]
    public void A_network_of_doubles_gives_what_ONNX_Runtime_gives()
    {
        OnnxRuntimeHere.OrSkip();
        var graph = new Graph { Opset = 14 };
        graph.Inputs.Add(new("x", ElementType.Float64, new Shape(2, 3)));
        graph.Add("w", Tensor.From<double>(new Shape(3, 2), [0.1, -0.7, 1.3, 2, -1.5, 0.3])); // Conv has no doubles there
        graph.Add(new Node("MatMul", "product", ["x", "w"], ["p"]));
        graph.Add(new Node("Relu", "relu", ["p"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float64, new Shape(2, 2)));
        OnnxRuntimeRun.AssertSame(graph, 1e-6);
    }

    [SkippableFact]
    public void Half_precision_between_two_casts_is_computed_in_float32()
    {
        OnnxRuntimeHere.OrSkip();
        var graph = new Graph { Opset = 13 };
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1, 2, 4, 4)));
        graph.Add("w", Constant(ElementType.Float16, new Shape(3, 2, 1, 1), [0.5f, -0.25f, 1, 2, -1.5f, 0.125f]));
        graph.Add(new Node("Cast", "down", ["x"], ["h"]).With("to", (long)ElementType.Float16));
        graph.Add(new Node("Conv", "conv", ["h", "w"], ["c"]));
        graph.Add(new Node("Cast", "up", ["c"], ["y"]).With("to", (long)ElementType.Float32));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 3, 4, 4)));
        OnnxRuntimeRun.AssertSame(graph, 4e-3);
        Assert.Equal(["Conv"], PassList.Run(graph).Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void It_is_said_once_and_the_graph_becomes_float32()
    {
        Assert.Equal("the model has Float64 values; they are computed as Float32", Assert.Single(PassList.Run(Network(ElementType.Float64)).Notes));
        var prepared = PassList.Run(Network(ElementType.Float16));
        Assert.Empty(prepared.Notes); // the engine says what becomes of them
        Assert.All(prepared.Inputs.Concat(prepared.Outputs), v => Assert.Equal(ElementType.Float32, v.Type));
        Assert.All(prepared.Initializers.Values, v => Assert.Equal(ElementType.Float32, v.Type));
    }

    [Fact]
    public void Bfloat16_keeps_its_value()
    {
        var prepared = PassList.Run(Network(ElementType.BFloat16));
        Assert.Equal([0.5f, -0.25f, 1, 2, -1.5f, 0.125f], prepared.Initializers.Values.Single(v => v.Shape.Rank == 4).ToFloats());
    }

    [Fact]
    public void A_float64_constant_that_float32_cannot_hold_is_refused()
    {
        var graph = Network(ElementType.Float64);
        graph.Initializers["w"] = Tensor.From<double>(new Shape(3, 2, 1, 1), [1, 1, 1e300, 1, 1, 1]);
        Assert.Contains(
            "the constant 'w' holds 1E+300, which is too large for Float32; larger numbers are not supported",
            Assert.Throws<EdgeException>(() => PassList.Run(graph)).Message,
            StringComparison.Ordinal);
    }

    private static Graph Network(ElementType type)
    {
        var graph = new Graph { Opset = 13 };
        graph.Inputs.Add(new("x", type, new Shape(1, 2, 4, 4)));
        graph.Add("w", Constant(type, new Shape(3, 2, 1, 1), [0.5f, -0.25f, 1, 2, -1.5f, 0.125f]));
        graph.Add(new Node("Conv", "conv", ["x", "w"], ["c"]));
        graph.Add(new Node("Relu", "relu", ["c"], ["r"]));
        graph.Add(new Node("Constant", "half", [], ["half"]).With("value", Constant(type, Shape.Scalar, [0.5f])));
        graph.Add(new Node("Mul", "mul", ["r", "half"], ["y"]));
        graph.Outputs.Add(new("y", type, new Shape(1, 3, 4, 4)));
        return graph;
    }

    private static Tensor Constant(ElementType type, Shape shape, float[] values) => type switch
    {
        ElementType.Float16 => Tensor.From<Half>(shape, [.. values.Select(v => (Half)v)]),
        ElementType.Float64 => Tensor.From<double>(shape, [.. values.Select(v => (double)v)]),
        _ => new Tensor(
            type, shape, MemoryMarshal.AsBytes<ushort>(values.Select(v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16)).ToArray()).ToArray()),
    };
}
