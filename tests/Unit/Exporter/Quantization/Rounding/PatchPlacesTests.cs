using ResNetEdge.Engines;
using ResNetEdge.Exporter.Quantization.Rounding;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization.Rounding;

/// <summary>The elements that a layer multiplies at a place of its output are those that its reference multiplies.</summary>
public class PatchPlacesTests
{
    [Theory]
    [InlineData("Conv", 0), InlineData("ConvTranspose", 1), InlineData("Gemm", 1)]
    public void Patches_times_weights_are_the_outputs(string op, int outputAxis)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            int inputs = random.Next(1, 4), outputs = random.Next(1, 4), height = random.Next(3, 7), width = random.Next(3, 7);
            int[] kernel = op == "Gemm" ? [] : [random.Next(1, 4), random.Next(1, 4)];
            var shape = op == "Gemm" ? new Shape(height, inputs) : new Shape(1, inputs, height, width);
            var node = new Node(op, "layer", ["x", "w"], ["y"]);
            if (op != "Gemm")
                node.With("strides", new long[] { random.Next(1, 4), random.Next(1, 4) }).With("dilations", new long[] { random.Next(1, 3), 1 })
                    .With("pads", op == "Conv" ? new long[] { 2, 1, 2, 0 } : [0, kernel[1] > 1 ? 1 : 0, 0, 0]);
            int[] matrix = outputAxis == 0 ? [outputs, inputs] : [inputs, outputs];
            var weights = Numbers(random, new Shape([.. matrix, .. kernel]));
            var graph = new Graph();
            graph.Inputs.Add(new("x", ElementType.Float32, shape));
            graph.Add("w", weights);
            graph.Outputs.Add(new(graph.Add(node), ElementType.Undefined, default));
            using var engine = new ReferenceEngine(graph);
            float[] x = Numbers(random, shape).ToFloats(), expected = new float[engine.Outputs[0].Shape.ElementCount];
            engine.SetInput<float>(0, x);
            engine.Run();
            engine.GetOutput<float>(0, expected);

            var places = PatchPlaces.Of(node, shape, weights.Shape);
            Assert.Equal(expected.Length, places.Positions * outputs);
            int[] elements = new int[places.Taps];
            float[] w = weights.ToFloats();
            for (int position = 0; position < places.Positions; position++)
            {
                places.At(position, elements);
                for (int o = 0; o < outputs; o++)
                {
                    float sum = 0;
                    for (int c = 0; c < inputs; c++)
                    {
                        for (int t = 0; t < elements.Length; t++)
                        {
                            int matrixPlace = outputAxis == 0 ? o * inputs + c : c * outputs + o;
                            if (elements[t] >= 0) sum += x[c * places.ChannelStride + elements[t]] * w[matrixPlace * elements.Length + t];
                        }
                    }

                    Assert.Equal(expected[op == "Gemm" ? position * outputs + o : o * places.Positions + position], sum);
                }
            }
        }
    }

    private static Tensor Numbers(Random random, Shape shape) =>
        Tensor.From<float>(shape, [.. Enumerable.Range(0, shape.ElementCount).Select(_ => (float)random.Next(-9, 10))]);
}
