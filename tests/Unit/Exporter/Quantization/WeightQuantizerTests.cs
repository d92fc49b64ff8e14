using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

public class WeightQuantizerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Every_weight_is_within_half_a_step_of_its_channel(int axis)
    {
        var random = new Random(23);
        var shape = new Shape(5, 7, 3, 1);
        float[] weights = [.. Enumerable.Range(0, shape.ElementCount).Select(_ => (random.NextSingle() - 0.5f) * MathF.Exp(random.Next(-8, 8)))];
        var result = WeightQuantizer.Quantize("conv", Tensor.From<float>(shape, weights), axis, null, 0.02f);

        Assert.Equal((ElementType.Int8, shape), (result.Weights.Type, result.Weights.Shape));
        Assert.Equal(shape[axis], result.Scales.Shape[0]);
        int inner = axis == 0 ? 21 : 3;
        for (int i = 0; i < weights.Length; i++)
        {
            float scale = result.Scales.As<float>()[i / inner % shape[axis]];
            Assert.True(Math.Abs(result.Weights.As<sbyte>()[i] * scale - weights[i]) <= scale * 0.501f);
            Assert.NotEqual(sbyte.MinValue, result.Weights.As<sbyte>()[i]);
        }
    }

    [Fact]
    public void Bias_steps_are_input_scale_times_weight_scale()
    {
        var result = WeightQuantizer.Quantize("fc", Tensor.From<float>(new Shape(2, 2), [1.27f, 0, 0, -2.54f]), 0, Tensor.Vector(3f, -0.5f), 0.5f);
        Assert.Equal([0.01f * 0.5f, 0.02f * 0.5f], result.BiasScales.As<float>().ToArray().Select(v => MathF.Round(v, 6)));
        Assert.Equal([600, -50], result.Bias!.As<int>().ToArray());
        Assert.Equal([127, 0, 0, -127], result.Weights.ToInt64s());
    }

    [Fact]
    public void A_channel_of_zeros_keeps_its_bias()
    {
        var result = WeightQuantizer.Quantize("conv", Tensor.From<float>(new Shape(2, 1), [0, 1]), 0, Tensor.Vector(0.75f, 0f), 0.1f);
        Assert.True(result.Scales.As<float>()[0] > 0);
        Assert.Equal(0.75f, result.Bias!.As<int>()[0] * result.BiasScales.As<float>()[0], 1e-6f);
    }

    [Fact]
    public void A_bias_never_leaves_half_of_int32()
    {
        var result = WeightQuantizer.Quantize("conv", Tensor.From<float>(new Shape(1, 1), [1e-12f]), 0, Tensor.Vector(100f), 1e-3f);
        Assert.InRange(result.Bias!.As<int>()[0], 1 << 29, 1 << 30);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Weights_that_are_no_numbers_are_refused_with_the_layers_name(float bad)
    {
        var weights =
            Assert.Throws<EdgeException>(() => WeightQuantizer.Quantize("layer3.conv", Tensor.From<float>(new Shape(2, 1), [1, bad]), 0, null, 1));
        Assert.Equal(FailureKind.BadInput, weights.Kind);
        Assert.Contains("layer3.conv", weights.Message, StringComparison.Ordinal);
        var bias = Assert.Throws<EdgeException>(
            () => WeightQuantizer.Quantize("layer3.conv", Tensor.From<float>(new Shape(1, 1), [1]), 0, Tensor.Vector(bad), 1));
        Assert.Contains("bias", bias.Message, StringComparison.Ordinal);
    }
}
