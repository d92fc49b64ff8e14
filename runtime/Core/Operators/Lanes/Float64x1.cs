using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>One float64.</summary>
internal readonly unsafe struct Float64x1(double value) : IDoubleLanes<Float64x1>
{
    private readonly double _value = value;

    public double Value => _value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 Load(float* from) => new(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => *to = (float)_value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 Of(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 operator +(Float64x1 a, Float64x1 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 operator -(Float64x1 a, Float64x1 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 operator *(Float64x1 a, Float64x1 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 operator /(Float64x1 a, Float64x1 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 FusedMultiplyAdd(Float64x1 a, Float64x1 b, Float64x1 c) => new(Math.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 Sqrt(Float64x1 x) => new(Math.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 Floor(Float64x1 x) => new(Math.Floor(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 Round(Float64x1 x) => new(Math.Round(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 Abs(Float64x1 x) => new(Math.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 Clamp(Float64x1 x, Float64x1 low, Float64x1 high)
    {
        x = x._value < low._value ? low : x;
        return high._value < x._value ? high : x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 IfLess(Float64x1 a, Float64x1 b, Float64x1 then, Float64x1 otherwise) => a._value < b._value ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 PowerOfTwo(Float64x1 shifted) =>
        new(BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(shifted._value) + Exponential.Bias) << Exponential.MantissaBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 Exponent(Float64x1 x) => new((BitConverter.DoubleToInt64Bits(x._value) >>> Exponential.MantissaBits) - Exponential.Bias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x1 Mantissa(Float64x1 x) =>
        new(BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(x._value) & Logarithm.MantissaMask) | Logarithm.One));
}
