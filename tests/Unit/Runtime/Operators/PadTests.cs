using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

public class PadTests
{
    /// <summary>Element by element, as ONNX defines it; negative pads cut.</summary>
    [Fact]
    public void Every_element_comes_from_where_the_definition_says()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            string mode = random.Next(3) switch { 0 => "reflect", 1 => "edge", _ => "constant" };
            int rank = random.Next(0, 5);
            int[] from = [.. Enumerable.Range(0, rank).Select(_ => random.Next(2, 5))];
            long[] pads = [.. Enumerable.Range(0, 2 * rank)
                .Select(i => (long)random.Next(mode == "constant" ? -1 : 0, mode == "reflect" ? from[i % rank] : 4))];
            int[] to = [.. from.Select((size, d) => size + (int)(pads[d] + pads[d + rank]))];
            float fill = random.Next(2) == 0 ? 0 : 9;
            float[] x = [.. Enumerable.Range(1, from.Aggregate(1, static (a, b) => a * b)).Select(static i => (float)i)];
            float[] y = Run(mode, from, pads, to, fill, x);
            for (int i = 0; i < y.Length; i++) Assert.True(y[i] == Expected(mode, i, from, pads, to, fill, x), $"seed {seed}, {mode}, element {i}");
        }
    }

    private static float Expected(string mode, int element, int[] from, long[] pads, int[] to, float fill, float[] x)
    {
        long source = 0;
        int rest = element, stride = 1;
        for (int d = from.Length - 1; d >= 0; d--)
        {
            long at = rest % to[d] - pads[d];
            rest /= to[d];
            if (mode == "reflect") at = at < 0 ? -at : at >= from[d] ? 2 * (from[d] - 1) - at : at;
            else if (mode == "edge") at = Math.Min(Math.Max(at, 0), from[d] - 1);
            if (at < 0 || at >= from[d]) return fill;
            source += at * stride;
            stride *= from[d];
        }

        return x[source];
    }

    private static float[] Run(string mode, int[] from, long[] pads, int[] to, float fill, float[] x)
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(from)));
        string[] inputs = ["x", graph.Add("pads", Tensor.Vector<long>(pads)), .. fill == 0 ? (string[])[] : [graph.Add("fill", Tensor.Scalar(fill))]];
        graph.Add(new Node("Pad", "pad", inputs, ["y"]).With("mode", mode));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(to)));
        using var engine = new ReferenceEngine(graph);
        engine.SetInput<float>(0, x);
        engine.Run();
        float[] y = new float[engine.Outputs[0].Shape.ElementCount];
        engine.GetOutput<float>(0, y);
        return y;
    }
}
