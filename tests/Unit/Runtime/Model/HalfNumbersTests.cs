using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Model;

public class HalfNumbersTests
{
    private const int Count = ushort.MaxValue + 1;

    private static readonly Half[] All = [.. Enumerable.Range(0, Count).Select(static i => BitConverter.UInt16BitsToHalf((ushort)i))];

    [Fact]
    public void Every_half_becomes_the_float_that_dotnet_makes_of_it()
    {
        float[] floats = new float[Count];
        HalfNumbers.Widen(All, floats);
        for (int i = 0; i < Count; i++) Assert.True(floats[i].Equals((float)All[i]), $"{i:X4}: {floats[i]}");
        Half[] back = new Half[Count];
        HalfNumbers.Narrow(floats, back);
        for (int i = 0; i < Count; i++) Assert.True(back[i].Equals(All[i]), $"{i:X4}: {back[i]}");
    }

    [Fact]
    public void Floats_beside_and_between_the_halves_round_as_those_of_dotnet()
    {
        var floats = new List<float>();
        for (int i = 0; i + 1 < Count; i++)
        {
            float one = (float)All[i], middle = (one + (float)All[i + 1]) / 2;
            floats.AddRange([one, MathF.BitIncrement(one), MathF.BitDecrement(one), middle, MathF.BitIncrement(middle), MathF.BitDecrement(middle)]);
        }

        floats.AddRange([65519.99f, 65520, -65520, 1e38f, float.MaxValue, float.Epsilon, -float.Epsilon, float.PositiveInfinity, float.NaN, 0, -0f]);
        float[] given = [.. floats], rounded = [.. floats];
        Half[] actual = new Half[given.Length];
        HalfNumbers.Narrow(given, actual);
        HalfNumbers.Round(rounded);
        for (int i = 0; i < given.Length; i++)
        {
            Half expected = (Half)given[i];
            bool isSame = Half.IsNaN(expected) ? Half.IsNaN(actual[i]) && float.IsNaN(rounded[i])
                : BitConverter.HalfToUInt16Bits(expected) == BitConverter.HalfToUInt16Bits(actual[i])
                    && BitConverter.SingleToInt32Bits((float)expected) == BitConverter.SingleToInt32Bits(rounded[i]);
            Assert.True(isSame, $"{given[i]:R}: {actual[i]} and {rounded[i]} where {expected} is expected");
        }
    }

    [Fact]
    public void Lengths_that_fill_no_vector_are_converted_whole()
    {
        for (int length = 0; length < 20; length++)
        {
            float[] floats = [.. Enumerable.Range(1, length).Select(static i => i / 3f)];
            Half[] halves = new Half[length];
            HalfNumbers.Narrow(floats, halves);
            Assert.Equal(floats.Select(static v => (Half)v), halves);
            float[] back = new float[length];
            HalfNumbers.Widen(halves, back);
            Assert.Equal(halves.Select(static v => (float)v), back);
        }
    }

    [Theory]
    [InlineData(65519, -1)]
    [InlineData(65520, 1)]
    [InlineData(-1e10f, 1)]
    [InlineData(float.PositiveInfinity, -1)]
    [InlineData(float.NaN, -1)]
    public void The_first_number_beyond_half_precision_is_found(float number, int expected) =>
        Assert.Equal(expected, HalfNumbers.FirstBeyond([1, number]));
}
