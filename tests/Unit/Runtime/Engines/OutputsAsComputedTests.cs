using ResNetEdge.Engines;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Tests.Unit.Exporter.Quantization;

namespace ResNetEdge.Tests.Unit.Runtime.Engines;

public class OutputsAsComputedTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_value_is_shown_whole_as_it_is_made_and_can_be_asked_for_afterwards(int threads)
    {
        var graph = TestGraphs.Residual();
        string[] values = [.. graph.Nodes.Select(n => n.Output)];
        var watched = Calibrator.WithOutputs(graph, values);
        using var engine = new FusedEngine(watched, new EngineOptions { Threads = threads, OutputsAsComputed = true, Winograd = false });
        using var plain = new FusedEngine(watched, new EngineOptions { Winograd = false });
        foreach (var e in new IEngine[] { engine, plain }) e.SetInput<float>(0, TestGraphs.Picture(3));
        var seen = values.Select(_ => new List<float>()).ToArray();
        engine.RunAndView((output, elements) => seen[output].AddRange(elements));
        plain.Run();

        Assert.Contains(Enumerable.Range(0, values.Length), engine.IsViewed);
        for (int k = 0; k < values.Length; k++)
        {
            var shape = engine.Outputs[k].Shape;
            float[] expected = new float[shape.ElementCount], actual = new float[shape.ElementCount];
            plain.GetOutput<float>(k, expected);
            engine.GetOutput<float>(k, actual);
            Assert.Equal(expected, actual);
            if (!engine.IsViewed(k)) continue;
            int channels = shape[1], places = shape.ElementCount / channels;
            Assert.Equal(expected, Enumerable.Range(0, shape.ElementCount).Select(e => seen[k][e % places * channels + e / places]));
        }
    }
}
