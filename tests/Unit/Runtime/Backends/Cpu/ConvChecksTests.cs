using ResNetEdge.CommandLine;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public class ConvChecksTests
{
    private static readonly ConvShape Shape =
        new() { InputHeight = 1, InputWidth = 1, InputChannels = 2, OutputChannels = 2, KernelHeight = 1, KernelWidth = 1 };

    private static ConvInt8Problem Int8 => new()
    {
        Shape = Shape,
        Weights = new sbyte[] { 1, 2, 3, 4 },
        Bias = [0, 0],
        Multiplier = [0.5f, 0.5f],
        InputZeroPoint = 0,
        Input = new Placement(0, 2, 2, 2),
        PaddingOffset = 0,
        Output = new Placement(64, 2, 2, 2),
    };

    private static ConvFp32Problem Fp32 => new()
    {
        Shape = Shape,
        Weights = new float[] { 1, 2, 3, 4 },
        Bias = [0, 0],
        Input = new Placement(0, 8, 8, 8),
        PaddingOffset = 0,
        Output = new Placement(64, 8, 8, 8),
    };

    [Fact]
    public void Sound_problems_pass()
    {
        ConvChecks.Check(Int8);
        ConvChecks.Check(Fp32);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(0f)]
    [InlineData(-1f)]
    public void A_multiplier_must_be_finite_and_positive(float multiplier) =>
        Refuses(() => ConvChecks.Check(Int8 with { Multiplier = [0.5f, multiplier] }), "channel 1", multiplier.ToString());

    [Fact]
    public void A_sum_that_could_overflow_is_refused() =>
        Refuses(() => ConvChecks.Check(Int8 with { Bias = [0, int.MaxValue - 255 * 7 + 1] }), "channel 1", "2147483648");

    [Fact]
    public void The_largest_sum_that_fits_passes() => ConvChecks.Check(Int8 with { Bias = [0, int.MaxValue - 255 * 7], Multiplier = [0.5f, 0.5f] });

    [Fact]
    public void A_result_beyond_32_bits_is_refused() => Refuses(() => ConvChecks.Check(Int8 with { Multiplier = [0.5f, 1e7f] }), "channel 1", "2^31");

    [Fact]
    public void A_shortcut_counts_towards_the_bound() => Refuses(
        () => ConvChecks.Check(Int8 with { Residual = new ResidualInt8(new Placement(128, 2, 2, 2), 0, 1e8f) }), "channel 0", "2^31");

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Float_weights_must_be_finite(float weight) =>
        Refuses(() => ConvChecks.Check(Fp32 with { Weights = new float[] { 1, 2, 3, weight } }), "channel 1", weight.ToString());

    [Fact]
    public void Float_biases_must_be_finite() => Refuses(() => ConvChecks.Check(Fp32 with { Bias = [float.NaN, 0] }), "channel 0", "NaN");

    [Fact]
    public void A_plan_with_overlapping_pixels_is_a_defect() =>
        Assert.Throws<ArgumentException>(() => ConvChecks.Check(Int8 with { Output = new Placement(64, 1, 1, 1) }));

    private static void Refuses(Action check, params string[] words)
    {
        var failure = Assert.Throws<EdgeException>(check);
        Assert.Equal(FailureKind.BadInput, failure.Kind);
        Assert.All(words, word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
    }
}
