using ResNetEdge.Engines;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Model;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Exporter.Import;

/// <summary>Runs an imported network once.</summary>
internal static class Network
{
    public static float[] Run(Graph graph, string engineName, float[] input)
    {
        using var engine = GraphEngine.Load(graph, 1, engineName);
        float[] output = new float[engine.Outputs[0].Shape.ElementCount];
        Feed(graph, engine, input);
        engine.Run();
        engine.GetOutput<float>(0, output);
        return output;
    }

    /// <summary>Sets the first input; one of integers to what the DequantizeLinear behind it turns into the values, rounded.</summary>
    public static void Feed(Graph graph, IEngine engine, float[] values)
    {
        var input = engine.Inputs[0];
        if (input.Type == ElementType.Float32)
        {
            engine.SetInput<float>(0, values);
            return;
        }

        var read = graph.Nodes.First(node => node.Inputs[0] == input.Name);
        Assert.Equal(OpTypes.DequantizeLinear, read.OpType);
        float scale = graph.Initializers[read.Inputs[1]].As<float>()[0];
        long zero = graph.Initializers[read.Inputs[2]].ToInt64s()[0];
        var (lowest, highest) = input.Type == ElementType.Int8 ? ((int)sbyte.MinValue, (int)sbyte.MaxValue) : (byte.MinValue, byte.MaxValue);
        engine.SetInputBytes(0, [.. values.Select(v => unchecked((byte)Math.Clamp((long)MathF.Round(v / scale) + zero, lowest, highest)))]);
    }

    /// <summary>The first output as the operators' references have it.</summary>
    public static float[] Reference(Graph graph, float[] input)
    {
        using var engine = new ReferenceEngine(graph);
        Feed(graph, engine, input);
        engine.Run();
        float[] output = new float[engine.Outputs[0].Shape.ElementCount];
        engine.GetOutput<float>(0, output);
        return output;
    }

    /// <summary>Within 1e-4 of the largest.</summary>
    public static void Near(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float bound = 1e-4f * Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++) Assert.InRange(actual[i] - expected[i], -bound, bound);
    }

    /// <summary>What reading a file throws, or null.</summary>
    public static Exception? ReadOrFail(byte[] file, string name, Func<string, object> read)
    {
        using var folder = new TempFolder();
        string path = folder.Write(name, file);
        return Record.Exception(() => read(path));
    }
}
