using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>What every weight passes while a model is loaded, by vectors.</summary>
public class WeightSumsTests
{
    [Fact]
    public void Sums_of_weights_equal_the_definition_at_every_length()
    {
        for (int length = 0; length < 300; length++)
        {
            var random = new Random(length);
            sbyte[] weights = [.. Enumerable.Range(0, length).Select(_ => (sbyte)random.Next(-128, 128))];
            Assert.Equal(weights.Sum(w => (int)w), WeightSums.Of(weights));
        }
    }

    [Theory]
    [InlineData(sbyte.MinValue)]
    [InlineData(sbyte.MaxValue)]
    public void Sums_of_extreme_weights_do_not_wrap(sbyte weight)
    {
        sbyte[] weights = new sbyte[70_001];
        Array.Fill(weights, weight);
        Assert.Equal(weights.Length * weight, WeightSums.Of(weights));
    }

    [Fact]
    public void Magnitudes_of_weights_equal_the_definition_at_every_length()
    {
        for (int length = 0; length < 300; length++)
        {
            var random = new Random(length);
            sbyte[] weights = [.. Enumerable.Range(0, length).Select(_ => (sbyte)random.Next(-128, 128))];
            Assert.Equal(weights.Sum(w => (long)Math.Abs((int)w)), WeightMagnitude.Of(weights));
        }

        sbyte[] least = new sbyte[70_001];
        Array.Fill(least, sbyte.MinValue);
        Assert.Equal(128L * least.Length, WeightMagnitude.Of(least));
    }

    [Fact]
    public unsafe void Filters_are_taken_apart_sixteen_at_a_time_on_Arm_and_nothing_else_is_written()
    {
        const int Pitch = 100, Most = 70, Mark = 99;
        sbyte[] filters = new sbyte[Most * NineTaps.Taps], split = new sbyte[NineTaps.Taps * Pitch];
        new Random(1).NextBytes((byte[])(Array)filters);
        for (int count = 0; count < Most; count++)
        {
            Array.Fill(split, (sbyte)Mark);
            int done;
            fixed (sbyte* from = filters, to = split)
                done = NineTaps.Split(from, count, to, Pitch);
            Assert.Equal(AdvSimd.Arm64.IsSupported ? count / 16 * 16 : 0, done);
            for (int i = 0; i < split.Length; i++)
                Assert.Equal(i % Pitch < done ? filters[i % Pitch * NineTaps.Taps + i / Pitch] : Mark, split[i]);
        }
    }

    [Fact]
    public void The_first_number_that_is_not_finite_is_found_wherever_it_is()
    {
        float[] bad = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        for (int length = 0; length < 40; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(i => i % 3 == 0 ? -0f : i % 3 == 1 ? float.MaxValue : float.Epsilon)];
            Assert.Equal(-1, FiniteFloats.FirstBad(values));
            for (int i = 0; i < length; i++)
            {
                float[] damaged = [.. values];
                damaged[i] = bad[i % bad.Length];
                damaged[length - 1] = i == length - 1 ? damaged[i] : float.NaN;
                Assert.Equal(i, FiniteFloats.FirstBad(damaged));
            }
        }
    }
}
