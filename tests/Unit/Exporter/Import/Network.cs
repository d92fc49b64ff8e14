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
        engine.SetInput<float>(0, input);
        engine.Run();
        engine.GetOutput<float>(0, output);
        return output;
    }

    /// <summary>The first output as the operators' references have it.</summary>
    public static float[] Reference(Graph graph, float[] input)
    {
        using var engine = new ReferenceEngine(graph);
        engine.SetInput<float>(0, input);
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
