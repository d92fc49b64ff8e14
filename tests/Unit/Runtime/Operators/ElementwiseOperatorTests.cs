using System.Runtime.InteropServices;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

public class ElementwiseOperatorTests
{
    private const int Opset = 17;

    public static TheoryData<string> Names => [.. ElementwiseFunctions.Operators.Select(o => o.OpType)];

    public static TheoryData<string, Func<double, double>> Smooth => new()
    {
        { "Sigmoid", static x => 1 / (1 + Math.Exp(-x)) },
        { "Tanh", Math.Tanh },
        { "Elu", static x => x < 0 ? ExpMinus1(x) : x },
        { "Exp", Math.Exp },
        { "Log", Math.Log },
        { "Softplus", static x => x < -37 ? Math.Exp(x) : x > 37 ? x : LogOnePlus(Math.Exp(x)) },
        { "Mish", static x => x < -37 ? x < -1000 ? -0.0 : x * Math.Exp(x) : x * Math.Tanh(x > 37 ? x : LogOnePlus(Math.Exp(x))) },
    };

    /// <summary>What the functions are is ONNX Runtime's word, not ours; its own approximations are within a few 1e-7.</summary>
    [SkippableTheory, MemberData(nameof(Names))]
    public void A_function_is_what_onnx_runtime_takes_it_for(string name)
    {
        OnnxRuntimeHere.OrSkip();
        var elementwise = ElementwiseFunctions.Operators.Single(o => o.OpType == name);
        float[] x = [.. Enumerable.Range(-4000, 8001).Select(i => i / 250f), 0, -0f, 1e-6f, -1e-6f, 50, -50, 1e6f, -1e6f];
        foreach (var random in new[] { null, new Random(1), new Random(2) })
        {
            var node = ElementwiseFunctions.Node(elementwise, random);
            var graph = new Graph { Opset = Math.Max(Opset, elementwise.Signatures[^1].Since) };
            graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(x.Length)));
            graph.Add(node);
            graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(x.Length)));
            using var session = new ManagedOnnxRuntime(OnnxRoundTripTests.Write(graph), isOptimized: false);
            float[] expected = MemoryMarshal.Cast<byte, float>(session.Run([MemoryMarshal.AsBytes<float>(x).ToArray()])[0]).ToArray();
            float[] actual = Reference(graph, x);
            for (int i = 0; i < x.Length; i++)
                Assert.True(
                    actual[i].Equals(expected[i]) || Math.Abs(actual[i] - expected[i]) <= 1e-6 * Math.Max(1, Math.Abs(expected[i])),
                    $"{name}({x[i]:R}) is {actual[i]:R}, not {expected[i]:R}");
        }
    }

    [Theory, MemberData(nameof(Smooth))]
    public void A_function_computed_in_float64_is_the_nearest_float32(string name, Func<double, double> exact)
    {
        var function = ElementwiseFunctions.Of(ElementwiseFunctions.Operators.Single(o => o.OpType == name), null);
        int seen = 0;
        for (ulong bits = 0; bits <= uint.MaxValue; bits += 8191)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits), expected = (float)exact(x), actual = function.Of(x);
            if (float.IsNaN(x)) Assert.True(float.IsNaN(actual), $"{name}({x:R}) is {actual:R}");
            else Assert.True(expected == actual || (float.IsNaN(expected) && float.IsNaN(actual)), $"{name}({x:R}) is {actual:R}, not {expected:R}");
            seen++;
        }

        Assert.True(seen > 500_000);
    }

    [Theory]
    [InlineData(-4f, 0f), InlineData(-1f, -1f / 3), InlineData(0f, 0f), InlineData(1f, 2f / 3), InlineData(3f, 3f), InlineData(5f, 5f)]
    public void HardSwish_is_zero_below_minus_3_and_x_above_3(float x, float expected) =>
        Assert.Equal(expected, ElementwiseFunctions.Of(ElementwiseFunctions.Operators.Single(o => o.OpType == "HardSwish"), null).Of(x), 1e-6f);

    [Fact]
    public void A_Clip_whose_bounds_compare_otherwise_in_lanes_is_left_to_its_reference()
    {
        var clip = (Clip)OperatorTable.All.Single(o => o is Clip);
        foreach (float bound in new[] { float.NaN, -0f })
        {
            var scalar = new InputType(ElementType.Float32, Shape.Scalar, Tensor.Scalar(bound));
            Assert.Null(clip.FunctionOf(new Node("Clip", "c", ["x", "low"], ["y"]), [null, scalar]));
            Assert.Null(clip.FunctionOf(new Node("Clip", "c", ["x", "", "high"], ["y"]), [null, null, scalar]));
        }
    }

    /// <summary>Of zeros, too: max(-0, 0) is 0.</summary>
    [Fact]
    public void A_Clip_in_lanes_is_its_reference_bit_for_bit()
    {
        var clip = (Clip)OperatorTable.All.Single(o => o is Clip);
        float[] numbers = [0, -0f, 1, -1, 6, 7, float.Epsilon, float.PositiveInfinity, float.NegativeInfinity];
        foreach (float low in numbers.Where(v => !float.IsNegative(v) || v != 0))
        {
            foreach (float high in numbers.Where(v => !float.IsNegative(v) || v != 0))
            {
                InputType Scalar(float v) => new(ElementType.Float32, Shape.Scalar, Tensor.Scalar(v));
                var function = clip.FunctionOf(new Node("Clip", "c", ["x", "low", "high"], ["y"]), [null, Scalar(low), Scalar(high)])!;
                foreach (float x in numbers)
                    Assert.Equal(BitConverter.SingleToUInt32Bits(Math.Min(Math.Max(x, low), high)), BitConverter.SingleToUInt32Bits(function.Of(x)));
            }
        }
    }

    private static float[] Reference(Graph graph, float[] x)
    {
        using var engine = new ReferenceEngine(graph);
        engine.SetInput<float>(0, x);
        engine.Run();
        float[] y = new float[x.Length];
        engine.GetOutput<float>(0, y);
        return y;
    }

    // By its series where e^x - 1 would lose its digits.
    private static double ExpMinus1(double x) => x < -1e-3 ? Math.Exp(x) - 1 : x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5))));

    // Kahan's: the error of the sum is divided out.
    private static double LogOnePlus(double x) => 1 + x is var sum && sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
}
