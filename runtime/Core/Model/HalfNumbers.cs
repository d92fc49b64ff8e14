using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ResNetEdge.Model;

/// <summary>Float16 and back, eight numbers and more at a time: .NET's own conversion takes them one by one, and weights are millions.</summary>
internal static unsafe class HalfNumbers
{
    /// <summary>Bytes of a number.</summary>
    public const int Size = sizeof(ushort);

    /// <summary>The largest finite number.</summary>
    public const float Largest = 65504;

    /// <summary>Numbers from here on, half a step above the largest, become infinity.</summary>
    public const float Overflow = 65520;

    /// <summary>The smallest number with all 11 bits of precision: 2⁻¹⁴.</summary>
    public const float SmallestNormal = 1f / 16384;

    private const int Lanes = 8, Line = 4 * Lanes, Dropped = 13; // Bits of a float32's significand that a float16 lacks.

    /// <summary>2¹¹², by which the exponents' biases differ.</summary>
    private const float Scale = 5.1922968585348276e33f;

    private const uint Sign = 0x8000, Magnitude = 0x7FFF, Infinity32 = 0x7F80_0000, Infinity16 = 0x7C00, QuietNaN16 = 0x7E00;

    /// <summary>Exact; infinities and not-a-numbers stay what they are.</summary>
    /// <param name="from">Float16.</param>
    /// <param name="to">Receives as many float32.</param>
    public static void Widen(ReadOnlySpan<Half> from, Span<float> to)
    {
        to = to[..from.Length];
        var bits = MemoryMarshal.Cast<Half, ushort>(from);
        int i = 0;
        fixed (ushort* half = bits)
        fixed (float* number = to)
        {
            for (; i <= from.Length - Line; i += Line)
            {
                var most = Vector128.Max(
                    Vector128.Max(Finite(half + i, number + i), Finite(half + i + Lanes, number + i + Lanes)),
                    Vector128.Max(Finite(half + i + 2 * Lanes, number + i + 2 * Lanes), Finite(half + i + 3 * Lanes, number + i + 3 * Lanes)));
                if (!Vector128.GreaterThanOrEqualAny(most, Vector128.Create((ushort)Infinity16))) continue;
                for (int j = i; j < i + Line; j++) to[j] = (float)from[j];
            }
        }

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
        int whole = numbers.Length / Line * Line;
        fixed (float* first = numbers)
        {
            for (int i = 0; i < whole; i += Line)
            {
                float* next = first + i;
                Vector128<uint> a = Vector128.Max(Doubled(next), Doubled(next + 4)), b = Vector128.Max(Doubled(next + 8), Doubled(next + 12));
                Vector128<uint> c = Vector128.Max(Doubled(next + 16), Doubled(next + 20)), d = Vector128.Max(Doubled(next + 24), Doubled(next + 28));
                var most = Vector128.Max(Vector128.Max(a, b), Vector128.Max(c, d));
                bool isAnyLarge = Vector128.GreaterThanOrEqualAny(most, Vector128.Create(Overflow).AsUInt32() << 1); // Or infinite, or no number.
                if (isAnyLarge && FirstBeyond(numbers, i, i + Line) is >= 0 and var found) return found;
            }
        }

        return FirstBeyond(numbers, whole, numbers.Length);
    }

    // The bits without the sign grow with the magnitude.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Doubled(float* numbers) => Vector128.Load(numbers).AsUInt32() << 1;

    private static int FirstBeyond(ReadOnlySpan<float> numbers, int start, int end)
    {
        for (int i = start; i < end; i++)
            if (Math.Abs(numbers[i]) is >= Overflow and < float.PositiveInfinity) return i;
        return -1;
    }

    // As below for eight numbers that are finite; their magnitudes are returned to see whether they were. The sign is widened with them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Finite(ushort* half, float* number)
    {
        var bits = Vector128.Load(half);
        var (low, high) = Vector128.Widen(bits.AsInt16());
        var kept = Vector128.Create((Sign << 16) | (Magnitude << Dropped));
        (((low.AsUInt32() << Dropped) & kept).AsSingle() * Scale).Store(number);
        (((high.AsUInt32() << Dropped) & kept).AsSingle() * Scale).Store(number + Lanes / 2);
        return bits & Vector128.Create((ushort)Magnitude);
    }

    // Exponent and significand moved into place are the number times 2⁻¹¹², whether it is normal or not; then those of infinity are put right.
    private static Vector128<float> Widen(Vector128<uint> half)
    {
        var magnitude = (half & Vector128.Create(Magnitude)) << Dropped;
        var number = (magnitude.AsSingle() * Vector128.Create(Scale)).AsUInt32();
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
