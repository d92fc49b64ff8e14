using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Plans;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>A value that is quantised twice goes from one scale to the other by a table.</summary>
public class RequantizeStepTests
{
    [Fact]
    public void The_table_multiplies_once_and_rounds_once()
    {
        var random = new Random(6);
        for (int i = 0; i < 200; i++)
        {
            QuantizedView from = new("x", 0.001f + random.NextSingle(), (byte)random.Next(256)),
                to = new("y", 0.001f + random.NextSingle(), (byte)random.Next(256));
            byte[] table = from.Requantized(to);
            float ratio = (float)((double)from.Scale / to.Scale);
            for (int q = 0; q < 256; q++)
            {
                int rounded = (int)Math.Round((double)((q - from.ZeroPoint) * ratio), MidpointRounding.ToEven);
                Assert.Equal(Math.Clamp(rounded + to.ZeroPoint, 0, 255), table[q]);
            }
        }
    }

    [Fact]
    public void Scales_too_far_apart_are_refused_by_name()
    {
        var refused = Assert.Throws<EdgeException>(() => new QuantizedView("x", 1e10f, 0).Requantized(new("y", 1e-10f, 0)));
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.Contains("'x'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null), InlineData("scalar")]
    public void It_is_one_step_that_gives_what_the_reference_gives(string? isa)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1, 3, 9, 10)));
        string y = Pair(graph, Pair(graph, "x", 1 / 64f, 100), 1 / 32f, 128);
        graph.Add("w", Tensor.From<float>(new Shape(2, 3, 1, 1), [1, -2, 0.5f, 3, 1, -1]));
        graph.Outputs.Add(new(graph.Add(new Node("Conv", "conv", [y, "w"], ["z"])), ElementType.Undefined, default));
        using var fused = new FusedEngine(graph, new EngineOptions { Isa = isa });
        Assert.Single(fused.Plan.Steps, static s => s.Operation == "Requantize");
        using var reference = new ReferenceEngine(graph);
        Assert.Equal(Run(reference), Run(fused));
    }

    private static string Pair(Graph graph, string x, float scale, byte zeroPoint)
    {
        string[] by = [graph.Add(x + ".scale", Tensor.Scalar(scale)), graph.Add(x + ".zero", Tensor.Scalar(zeroPoint))];
        string q = graph.Add(new Node("QuantizeLinear", x + ".q", [x, .. by], [x + ".u8"]));
        return graph.Add(new Node("DequantizeLinear", x + ".dq", [q, .. by], [x + ".y"]));
    }

    private static float[] Run(IEngine engine)
    {
        engine.SetInput<float>(0, [.. Enumerable.Range(0, 270).Select(static i => i / 64f - 2)]);
        engine.Run();
        float[] output = new float[engine.Outputs[0].Shape.ElementCount];
        engine.GetOutput<float>(0, output);
        return output;
    }
}
