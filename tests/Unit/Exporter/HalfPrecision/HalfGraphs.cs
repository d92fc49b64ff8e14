using ResNetEdge.Engines;
using ResNetEdge.Exporter.HalfPrecision;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Exporter.HalfPrecision;

/// <summary>Float graphs made float16, and the ways to run them.</summary>
internal static class HalfGraphs
{
    /// <summary>The passes, then every node in float16 that may be, whatever its values hold.</summary>
    public static Graph Of(Graph graph)
    {
        var prepared = PassList.Run(graph);
        return HalfNetwork.Of(prepared, HalfChoice.Of(prepared, LayerNames.None, new Dictionary<string, float>()).Nodes);
    }

    /// <summary>The bytes of its file.</summary>
    public static byte[] File(Graph half)
    {
        using var stream = new MemoryStream();
        var (file, values) = NarrowFloats.Of(half);
        OnnxWriter.Write(file, stream, values);
        return stream.ToArray();
    }

    /// <summary>The file, node by node in the types that it says.</summary>
    public static IEngine Literal(Graph half) => new ReferenceEngine(OnnxReader.Read(File(half), "half"));

    /// <summary>All outputs of a run.</summary>
    public static float[] Run(IEngine engine, float[] input)
    {
        using (engine)
        {
            engine.SetInput<float>(0, input);
            engine.Run();
            return [.. engine.Outputs.SelectMany((info, i) =>
            {
                float[] values = new float[info.Shape.ElementCount];
                engine.GetOutput<float>(i, values);
                return values;
            })];
        }
    }

    /// <summary>The largest difference as a share of the largest value.</summary>
    public static double Distance(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, static (a, b) => Math.Abs((double)a - b)).Max() / Math.Max(expected.Max(Math.Abs), 1e-3);
    }
}
