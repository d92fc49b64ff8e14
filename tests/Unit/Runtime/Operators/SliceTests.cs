using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

/// <summary>Ends of a Slice beyond the axis, as ONNX says it clamps them: a start from 0 to size - 1 where it goes backwards.</summary>
public class SliceTests
{
    [Theory]
    [InlineData(5, -9999, 9999, 2, new float[] { 0, 2, 4 }), InlineData(5, 9999, -9999, -2, new float[] { 4, 2, 0 })]
    [InlineData(5, -9999, -9999, -1, new float[] { 0 }), InlineData(1, -9999, -2, -2, new float[] { 0 }), InlineData(5, -9999, 3, -1, new float[0])]
    [InlineData(5, 2, -9999, -1, new float[] { 2, 1, 0 }), InlineData(5, 2, 0, -1, new float[] { 2, 1 }), InlineData(0, -3, -9999, -1, new float[0])]
    [InlineData(5, 9999, 9999, 1, new float[0]), InlineData(0, 0, 9999, 1, new float[0])]
    public void Ends_beyond_the_axis_are_clamped_as_ONNX_says(int size, long start, long end, long step, float[] expected)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(size)));
        string[] constants = [graph.Add("start", Tensor.Vector(start)), graph.Add("end", Tensor.Vector(end)), graph.Add("axes", Tensor.Vector(0L)),
            graph.Add("step", Tensor.Vector(step))];
        graph.Add(new Node("Slice", "slice", ["x", .. constants], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Undefined, default));
        foreach (IEngine engine in new IEngine[] { new ReferenceEngine(graph), new FusedEngine(graph, new EngineOptions()) })
        {
            using (engine)
            {
                Assert.Equal(new Shape(expected.Length), engine.Outputs[0].Shape);
                float[] y = new float[expected.Length];
                engine.SetInput<float>(0, [.. Enumerable.Range(0, size).Select(static i => (float)i)]);
                engine.Run();
                engine.GetOutput<float>(0, y);
                Assert.Equal(expected, y);
            }
        }
    }
}
