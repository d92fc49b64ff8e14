using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Engines;
using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Onnx;
using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Runtime.Engines;

/// <summary>
/// Our binding calls ONNX Runtime's C functions by their slots. This holds it to the library's own managed interface, model for model: the
/// same names, types and shapes, and the same output to the last bit.
/// </summary>
public class OnnxRuntimeBindingTests
{
    private const int Float32 = (int)ElementType.Float32, Bool = (int)ElementType.Bool;

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_residual_networks_give_the_same_bits(int seed) => AgreeOn(OnnxRoundTripTests.Write(RandomNetworks.Make(seed)), seed);

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_residual_network_with_an_output_after_every_block_gives_the_same_bits(bool int8)
    {
        var graph = int8 ? SeededNetworks.Int8("cifar_resnet20") : SeededNetworks.Fp32("cifar_resnet20");
        var infos = ShapeInference.Infer(graph);
        foreach (var add in graph.Nodes.Where(n => n.OpType == "Add")) graph.Outputs.Add(infos[add.Output] with { Name = add.Output });
        Assert.Equal(10, graph.Outputs.Count);
        AgreeOn(OnnxRoundTripTests.Write(graph), 4);
    }

    /// <summary>Every element type that the engine takes, two inputs and two outputs each; Less makes booleans.</summary>
    [SkippableTheory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Int64)]
    [InlineData(ElementType.Int32)]
    [InlineData(ElementType.UInt8)]
    [InlineData(ElementType.Int8)]
    public void Inputs_and_outputs_of_every_type_agree(ElementType type) => AgreeOn(
        new TinyOnnx()
            .Node("Max", ["a", "b"], ["max"]).Node("Less", ["a", "b"], ["less"])
            .Input("a", (int)type, 2, 3).Input("b", (int)type, 2, 3)
            .Output("less", Bool, 2, 3).Output("max", (int)type, 2, 3).ToBytes(),
        5);

    [SkippableFact]
    public void A_boolean_input_agrees() => AgreeOn(
        new TinyOnnx().Node("Not", ["a"], ["not"]).Input("a", Bool, 7).Output("not", Bool, 7).ToBytes(), 6);

    [SkippableFact]
    public void A_free_batch_agrees() => AgreeOn(
        new TinyOnnx().Node("Relu", ["x"], ["y"]).Input("x", Float32, TinyOnnx.Free, 3).Output("y", Float32, TinyOnnx.Free, 3).ToBytes(),
        7);

    [SkippableFact]
    public void What_one_refuses_the_other_refuses()
    {
        OnnxRuntimeHere.OrSkip();
        byte[] whole = OnnxRoundTripTests.Write(RandomNetworks.Make(1));
        byte[][] bad =
        [
            [],
            [1, 2, 3, 4, 5],
            whole[..(whole.Length / 2)],
            new TinyOnnx().Node("Frobnicate", ["x"], ["y"]).Input("x", Float32, 1).Output("y", Float32, 1).ToBytes(),
            new TinyOnnx().Node("Relu", ["missing"], ["y"]).Input("x", Float32, 1).Output("y", Float32, 1).ToBytes(),
            new TinyOnnx().Node("Relu", ["x"], ["y"]).Input("x", Bool, 1).Output("y", Bool, 1).ToBytes(),
        ];
        Assert.All(bad, model =>
        {
            Assert.Throws<OnnxRuntimeException>(() => new ManagedOnnxRuntime(model));
            Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(() => Ours(model)).Kind);
        });
    }

    private static OnnxRuntimeEngine Ours(byte[] model)
    {
        var source = new ModelSource("model", path: null, () => model, _ => throw new InvalidOperationException("this engine needs no graph"));
        return new OnnxRuntimeEngine(source, new EngineOptions());
    }

    /// <summary>Runs a model both ways, twice, on seeded inputs.</summary>
    private static void AgreeOn(byte[] model, int seed)
    {
        OnnxRuntimeHere.OrSkip();
        using var ours = Ours(model);
        using var theirs = new ManagedOnnxRuntime(model);
        Assert.Equal(theirs.Inputs, ours.Inputs);
        Assert.Equal(theirs.Outputs, ours.Outputs);
        var random = new Random(seed);
        for (int run = 0; run < 2; run++)
        {
            byte[][] inputs = [.. ours.Inputs.Select(info => Values(info, random))];
            for (int i = 0; i < inputs.Length; i++) SetInput(ours, i, inputs[i]);
            ours.Run();
            Assert.Equal(theirs.Run(inputs), ours.Outputs.Select((_, i) => Output(ours, i)));
        }
    }

    private static byte[] Values(TensorInfo info, Random random)
    {
        var bytes = new byte[info.Shape.ElementCount * info.Type.Size()];
        switch (info.Type)
        {
            case ElementType.Float32:
                foreach (ref float value in MemoryMarshal.Cast<byte, float>(bytes.AsSpan())) value = random.NextSingle() * 2 - 1;
                break;
            case ElementType.Bool: foreach (ref byte value in bytes.AsSpan()) value = (byte)random.Next(2); break;
            default: random.NextBytes(bytes); break;
        }

        return bytes;
    }

    private static void SetInput(OnnxRuntimeEngine engine, int index, byte[] bytes)
    {
        switch (engine.Inputs[index].Type)
        {
            case ElementType.Float32: engine.SetInput<float>(index, MemoryMarshal.Cast<byte, float>(bytes)); break;
            case ElementType.Int64: engine.SetInput<long>(index, MemoryMarshal.Cast<byte, long>(bytes)); break;
            case ElementType.Int32: engine.SetInput<int>(index, MemoryMarshal.Cast<byte, int>(bytes)); break;
            case ElementType.UInt8: engine.SetInput<byte>(index, bytes); break;
            case ElementType.Int8: engine.SetInput<sbyte>(index, MemoryMarshal.Cast<byte, sbyte>(bytes)); break;
            case ElementType.Bool: engine.SetInput<bool>(index, MemoryMarshal.Cast<byte, bool>(bytes)); break;
            default: Assert.Fail($"an input of type {engine.Inputs[index].Type}"); break;
        }
    }

    private static byte[] Output(OnnxRuntimeEngine engine, int index)
    {
        var bytes = new byte[engine.Outputs[index].Shape.ElementCount * engine.Outputs[index].Type.Size()];
        switch (engine.Outputs[index].Type)
        {
            case ElementType.Float32: engine.GetOutput(index, MemoryMarshal.Cast<byte, float>(bytes.AsSpan())); break;
            case ElementType.Int64: engine.GetOutput(index, MemoryMarshal.Cast<byte, long>(bytes.AsSpan())); break;
            case ElementType.Int32: engine.GetOutput(index, MemoryMarshal.Cast<byte, int>(bytes.AsSpan())); break;
            case ElementType.UInt8: engine.GetOutput(index, bytes.AsSpan()); break;
            case ElementType.Int8: engine.GetOutput(index, MemoryMarshal.Cast<byte, sbyte>(bytes.AsSpan())); break;
            case ElementType.Bool: engine.GetOutput(index, MemoryMarshal.Cast<byte, bool>(bytes.AsSpan())); break;
            default: Assert.Fail($"an output of type {engine.Outputs[index].Type}"); break;
        }

        return bytes;
    }
}
