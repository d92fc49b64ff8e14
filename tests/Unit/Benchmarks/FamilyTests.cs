using ResNetEdge.Benchmarks.Models.Families;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Unit.Benchmarks;

/// <summary>Every residual family runs whole on the engine of this project and gives what ONNX Runtime gives.</summary>
public class FamilyTests
{
    // Relative to the largest number of an output. Winograd's transforms lose about a digit.
    private const double Bound = 1e-4;

    public static TheoryData<string> Names => [.. FamilyTable.All.Keys];

    [SkippableTheory, MemberData(nameof(Names))]
    public void A_family_runs_whole_and_gives_what_ONNX_Runtime_gives(string name)
    {
        OnnxRuntimeHere.OrSkip();
        var graph = FamilyTable.Make(name);
        var random = new Random(11);
        using var session = new ManagedOnnxRuntime(OnnxRoundTripTests.Write(graph), isOptimized: false);
        using var engine = new FusedEngine(graph, new EngineOptions());
        var fed = new List<byte[]>();
        for (int i = 0; i < engine.Inputs.Count; i++)
        {
            float[] values = [.. Enumerable.Range(0, engine.Inputs[i].Shape.ElementCount).Select(_ => random.NextSingle() * 2 - 1)];
            engine.SetInput<float>(i, values);
            fed.Add(Tensor.Vector<float>(values).Bytes.ToArray());
        }

        engine.Run();
        var expected = session.Run(fed);
        for (int o = 0; o < expected.Count; o++)
        {
            byte[] found = new byte[engine.Outputs[o].ByteCount()];
            engine.GetOutputBytes(o, found);
            AssertClose($"{name}, output {engine.Outputs[o].Name}", Floats(expected[o]), Floats(found));
        }
    }

    private static float[] Floats(byte[] bytes) => new Tensor(ElementType.Float32, new Shape(bytes.Length / sizeof(float)), bytes).ToFloats();

    private static void AssertClose(string what, float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        float largest = expected.Max(Math.Abs);
        Assert.True(largest is > 1e-6f and < 1e6f, $"{what}: answers up to {largest} say nothing");
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= Bound * largest, $"{what}, element {i}: {found[i]} instead of {expected[i]}");
    }
}
