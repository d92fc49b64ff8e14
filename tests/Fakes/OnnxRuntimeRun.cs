using System.Runtime.InteropServices;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Fakes;

/// <summary>One graph on ONNX Runtime as the file has it, and on our engines, on the same seeded inputs.</summary>
internal static class OnnxRuntimeRun
{
    /// <summary>What ONNX Runtime gives for the graph, written as it is; the first output as floats.</summary>
    public static float[] Of(Graph graph, int seed = 1)
    {
        using var session = new ManagedOnnxRuntime(OnnxRoundTripTests.Write(graph));
        var outputs = session.Run([.. session.Inputs.Select((info, i) => Bytes(info, seed + i))]);
        return new Tensor(session.Outputs[0].Type, session.Outputs[0].Shape, outputs[0]).ToFloats();
    }

    /// <summary>What an engine gives for the same inputs, those of half precision widened.</summary>
    public static float[] On(IEngine engine, IReadOnlyList<TensorInfo> declared, int seed = 1)
    {
        using (engine)
        {
            for (int i = 0; i < engine.Inputs.Count; i++)
            {
                byte[] bytes = Bytes(declared[i], seed + i);
                if (declared[i].Type == engine.Inputs[i].Type) engine.SetInputBytes(i, bytes);
                else engine.SetInput<float>(i, new Tensor(declared[i].Type, declared[i].Shape, bytes).ToFloats());
            }

            engine.Run();
            byte[] output = new byte[engine.Outputs[0].ByteCount()];
            engine.GetOutputBytes(0, output);
            return new Tensor(engine.Outputs[0].Type, engine.Outputs[0].Shape, output).ToFloats();
        }
    }

    /// <summary>Both of our engines give what ONNX Runtime gives, and so does the file that we would write.</summary>
    /// <param name="graph">With types on its outputs.</param>
    /// <param name="bound">Largest difference, absolute.</param>
    public static void AssertSame(Graph graph, double bound)
    {
        float[] expected = Of(graph);
        Assert.Contains(expected, v => v != 0);
        var prepared = PassList.Run(graph);
        Assert.Equal(Graph.WrittenOpset, prepared.Opset);
        Near("reference", expected, On(new ReferenceEngine(prepared), graph.Inputs), bound);
        Near("fused", expected, On(new FusedEngine(graph, new EngineOptions()), graph.Inputs), bound);
        if (prepared.Inputs.Zip(graph.Inputs).All(pair => pair.First.Type == pair.Second.Type)) Near("written", expected, Of(prepared), bound);
    }

    private static void Near(string what, float[] expected, float[] actual, double bound)
    {
        Assert.Equal(expected.Length, actual.Length);
        double worst = expected.Zip(actual, (a, b) => Math.Abs((double)a - b)).Max();
        Assert.True(worst <= bound, $"{what}: difference {worst:G3} where {bound:G3} is allowed, of values up to {expected.Max(Math.Abs):G3}");
    }

    internal static byte[] Bytes(TensorInfo info, int seed)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[info.ByteCount()];
        switch (info.Type)
        {
            case ElementType.Float32: Fill<float>(bytes, () => random.NextSingle() * 2 - 1); break;
            case ElementType.Float64: Fill<double>(bytes, () => random.NextDouble() * 2 - 1); break;
            case ElementType.Float16: Fill(bytes, () => (Half)(random.NextSingle() * 2 - 1)); break;
            default: random.NextBytes(bytes); break;
        }

        return bytes;
    }

    private static void Fill<T>(byte[] bytes, Func<T> next) where T : unmanaged
    {
        foreach (ref T value in MemoryMarshal.Cast<byte, T>(bytes.AsSpan())) value = next();
    }
}
