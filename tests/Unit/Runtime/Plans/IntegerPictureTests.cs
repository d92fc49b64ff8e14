using System.Runtime.InteropServices;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Pixels;
using ResNetEdge.Preprocess;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>Networks whose input is the integers that others make of their float input first.</summary>
public class IntegerPictureTests
{
    private const int Networks = 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void They_give_the_bits_of_the_network_that_quantises_its_float_input(bool isSigned)
    {
        for (int seed = 0; seed < Networks; seed++)
        {
            var graph = QuantizedPlannerTests.Quantize(seed);
            float[] input = RandomNetworks.Input(graph, seed);
            if (WithIntegerInput(graph, isSigned) is not var (integers, scale, zero)) continue;
            byte[] steps = [.. input.Select(v => (byte)(Requantize.Quantize(v, scale, zero) - (isSigned ? 128 : 0)))];
            float[] expected = PlannerTests.Run(new FusedEngine(graph, new EngineOptions()), input);
            using var engine = new FusedEngine(integers, new EngineOptions());
            Assert.Equal(expected, Run(engine, steps));
            Assert.DoesNotContain(engine.Plan.Steps, s => s.Operation is "DequantizeLinear" or "NchwToNhwc");
            using var reference = new ReferenceEngine(integers);
            PlannerTests.AssertClose(Run(reference, steps), expected, 0.08, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(ElementType.UInt8)]
    [InlineData(ElementType.Int8)]
    public unsafe void Pixels_come_through_as_they_are_or_less_128(ElementType type)
    {
        var graph = Picture(type);
        using var engine = new FusedEngine(graph, new EngineOptions());
        using var reference = new ReferenceEngine(graph);
        var spec = new PreprocessSpec { Height = 2, Width = 3, Color = ColorOrder.Rgb, Mean = [0, 0, 0], Std = [1, 1, 1], Resize = ResizeMode.Exact };
        using var picture = new Picture();
        byte[] pixels = [.. Enumerable.Range(0, 18).Select(i => (byte)(i * 15))];
        picture.Reset("picture", 3, 2, 3);
        pixels.CopyTo(picture.Pixels);
        foreach (IEngine each in new IEngine[] { engine, reference })
        {
            using var preprocessor = new Preprocessor(spec, each.ImageInput(0));
            preprocessor.Write(picture, "picture", each.ImageInput(0));
            each.Run();
            float[] output = new float[18];
            each.GetOutput<float>(0, output);
            // Scale 2, zero point 1: the network gives 2 (q - 1).
            for (int c = 0; c < 3; c++)
                for (int p = 0; p < 6; p++)
                    Assert.Equal(2 * (pixels[p * 3 + c] - (type == ElementType.Int8 ? 128 : 0) - 1), output[c * 6 + p]);
        }
    }

    [Fact]
    public void Readers_with_zero_points_of_their_own_see_borders_of_their_own()
    {
        var graph = Picture(ElementType.Int8);
        graph.Outputs.Clear();
        string scale = graph.Add("scale.2", Tensor.Scalar(0.5f)), zero = graph.Add("zero.2", Tensor.Scalar((sbyte)-7));
        graph.Add(new Node("DequantizeLinear", "dq.2", ["x", scale, zero], ["x.2"]));
        string weights = graph.Add("w", Tensor.From<float>(new Shape(2, 3, 3, 3), [.. Enumerable.Range(0, 54).Select(i => (i % 7 - 3) / 4f)]));
        foreach (string value in (string[])["x.float", "x.2"])
        {
            var conv = new Node("Conv", value + ".conv", [value, weights], [value + ".y"]);
            conv.Attributes["pads"] = new long[] { 1, 1, 1, 1 };
            graph.Add(conv);
        }

        graph.Add(new Node("Add", "add", ["x.float.y", "x.2.y"], ["sum"]));
        graph.Outputs.Add(new TensorInfo("sum", ElementType.Float32, new Shape(1, 2, 2, 3)));
        byte[] steps = [.. Enumerable.Range(0, 18).Select(i => (byte)(i * 29))];
        using var engine = new FusedEngine(graph, new EngineOptions());
        using var reference = new ReferenceEngine(graph);
        PlannerTests.AssertClose(Run(reference, steps), Run(engine, steps), 1e-5, "two zero points");
    }

    private static Graph Picture(ElementType type)
    {
        var graph = new Graph { Name = "picture" };
        graph.Inputs.Add(new TensorInfo("x", type, new Shape(1, 3, 2, 3)));
        string scale = graph.Add("scale", Tensor.Scalar(2f));
        string zero = graph.Add("zero", type == ElementType.Int8 ? Tensor.Scalar((sbyte)1) : Tensor.Scalar((byte)1));
        graph.Add(new Node("DequantizeLinear", "dq", ["x", scale, zero], ["x.float"]));
        graph.Add(new Node("Identity", "identity", ["x.float"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(1, 3, 2, 3)));
        return graph;
    }

    // Null where the input is quantised in steps for each channel.
    private static (Graph Graph, float Scale, byte Zero)? WithIntegerInput(Graph graph, bool isSigned)
    {
        var integers = graph.Clone();
        var input = integers.Inputs[0];
        if (integers.Nodes.Where(n => n.Inputs.Contains(input.Name)).ToList() is not [{ OpType: "QuantizeLinear" } quantize]) return null;
        if (integers.Initializers[quantize.Inputs[1]].Shape.ElementCount != 1) return null;
        float scale = integers.Initializers[quantize.Inputs[1]].As<float>()[0];
        byte zero = integers.Initializers[quantize.Inputs[2]].As<byte>()[0];
        integers.Nodes.Remove(quantize);
        integers.Inputs[0] = new TensorInfo(quantize.Output, isSigned ? ElementType.Int8 : ElementType.UInt8, input.Shape);
        if (!isSigned) return (integers, scale, zero);
        string signed = integers.Add("zero.signed", Tensor.Scalar((sbyte)(zero - 128)));
        foreach (var read in integers.Nodes.Where(n => n.Inputs[0] == quantize.Output)) read.Inputs[2] = signed;
        return (integers, scale, zero);
    }

    private static float[] Run(IEngine engine, byte[] steps)
    {
        engine.SetInputBytes(0, steps);
        engine.Run();
        float[] output = new float[engine.Outputs[0].Shape.ElementCount];
        engine.GetOutput<float>(0, output);
        return output;
    }
}
