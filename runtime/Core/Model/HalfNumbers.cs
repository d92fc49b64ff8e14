using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ResNetEdge.Model;

/// <summary>Float16 and back, eight numbers at a time: .NET's own conversion takes them one by one, and weights are millions.</summary>
internal static class HalfNumbers
{
    /// <summary>Bytes of a number.</summary>
    public const int Size = sizeof(ushort);

    /// <summary>The largest finite number.</summary>
    public const float Largest = 65504;

    /// <summary>Numbers from here on, half a step above the largest, become infinity.</summary>
    public const float Overflow = 65520;

    /// <summary>The smallest number with all 11 bits of precision: 2⁻¹⁴.</summary>
    public const float SmallestNormal = 1f / 16384;

    private const int Lanes = 8, Dropped = 13; // Bits of a float32's significand that a float16 lacks.

    private const uint Sign = 0x8000, Magnitude = 0x7FFF, Infinity32 = 0x7F80_0000, Infinity16 = 0x7C00, QuietNaN16 = 0x7E00;

    /// <summary>Exact; infinities and not-a-numbers stay what they are.</summary>
    /// <param name="from">Float16.</param>
    /// <param name="to">Receives as many float32.</param>
    public static void Widen(ReadOnlySpan<Half> from, Span<float> to)
    {
        to = to[..from.Length];
        var bits = MemoryMarshal.Cast<Half, ushort>(from);
        int i = 0;
        for (; i <= from.Length - Lanes; i += Lanes)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(bits[i..]));
            Widen(low).CopyTo(to[i..]);
            Widen(high).CopyTo(to[(i + Lanes / 2)..]);
        }

        for (; i < from.Length; i++) to[i] = (float)from[i];
    }

    /// <summary>To nearest, ties to even; beyond the largest to infinity.</summary>
    /// <param name="from">Float32.</param>
    /// <param name="to">Receives as many float16.</param>
    public static void Narrow(ReadOnlySpan<float> from, Span<Half> to)
    {
        to = to[..from.Length];
        var bits = MemoryMarshal.Cast<Half, ushort>(to);
        int i = 0;
        for (; i <= from.Length - Lanes; i += Lanes)
            Vector128.Narrow(Narrow(Vector128.Create(from[i..])), Narrow(Vector128.Create(from[(i + Lanes / 2)..]))).CopyTo(bits[i..]);
        for (; i < from.Length; i++) to[i] = (Half)from[i];
    }

    /// <summary>Rounds numbers to those that float16 has.</summary>
    public static void Round(Span<float> numbers)
    {
        int i = 0;
        for (; i <= numbers.Length - Lanes / 2; i += Lanes / 2) Widen(Narrow(Vector128.Create<float>(numbers[i..]))).CopyTo(numbers[i..]);
        for (; i < numbers.Length; i++) numbers[i] = (float)(Half)numbers[i];
    }

    /// <summary>Index of the first finite number that float16 cannot hold; -1 when there is none.</summary>
    public static int FirstBeyond(ReadOnlySpan<float> numbers)
    {
        int whole = numbers.Length / Lanes * Lanes;
        for (int i = 0; i < whole; i += Lanes)
        {
            Vector128<float> low = Vector128.Create(numbers[i..]), high = Vector128.Create(numbers[(i + Lanes / 2)..]);
            if ((IsAnyLarge(low) || IsAnyLarge(high)) && FirstBeyond(numbers, i, i + Lanes) is >= 0 and var found) return found;
        }

        return FirstBeyond(numbers, whole, numbers.Length);
    }

    // Or infinite.
    private static bool IsAnyLarge(Vector128<float> numbers) => Vector128.GreaterThanOrEqualAny(Vector128.Abs(numbers), Vector128.Create(Overflow));

    private static int FirstBeyond(ReadOnlySpan<float> numbers, int start, int end)
    {
        for (int i = start; i < end; i++)
            if (Math.Abs(numbers[i]) is >= Overflow and < float.PositiveInfinity) return i;
        return -1;
    }

    // Exponent and significand moved into place are the number times 2⁻¹¹², whether it is normal or not; then those of infinity are put right.
    private static Vector128<float> Widen(Vector128<uint> half)
    {
        var magnitude = (half & Vector128.Create(Magnitude)) << Dropped;
        var number = (magnitude.AsSingle() * Vector128.Create(MathF.ScaleB(1, 112))).AsUInt32();
        var isSpecial = Vector128.GreaterThanOrEqual(magnitude, Vector128.Create(Infinity16 << Dropped));
        return (number | (isSpecial & Vector128.Create(Infinity32)) | ((half & Vector128.Create(Sign)) << 16)).AsSingle();
    }

    // Normal: the rounding carries from the dropped bits upwards. Subnormal: adding 0.5 has the processor round to the last bit of a float16.
    private static Vector128<uint> Narrow(Vector128<float> number)
    {
        var bits = number.AsUInt32();
        var magnitude = bits & ~Vector128.Create(Sign << 16);
        var odd = (magnitude >> Dropped) & Vector128.Create(1u);
        var normal = (magnitude + Vector128.Create(unchecked((uint)((15 - 127) << 23)) + 0xFFF) + odd) >> Dropped;
        var subnormal = (magnitude.AsSingle() + Vector128.Create(0.5f)).AsUInt32() - Vector128.Create(0.5f).AsUInt32();
        var rounded = Vector128.ConditionalSelect(
            Vector128.LessThan(magnitude, Vector128.Create(SmallestNormal).AsUInt32()), subnormal, normal);
        var special = Vector128.ConditionalSelect(
            Vector128.GreaterThan(magnitude, Vector128.Create(Infinity32)), Vector128.Create(QuietNaN16), Vector128.Create(Infinity16));
        var isSpecial = Vector128.GreaterThanOrEqual(magnitude, Vector128.Create(Overflow).AsUInt32());
        return Vector128.ConditionalSelect(isSpecial, special, rounded) | ((bits >> 16) & Vector128.Create(Sign));
    }
}
