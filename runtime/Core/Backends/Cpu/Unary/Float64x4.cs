using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Unary;

/// <summary>Four float64 in an AVX register; needs AVX2 and FMA.</summary>
internal readonly unsafe struct Float64x4(Vector256<double> value) : IDoubleLanes<Float64x4>
{
    private readonly Vector256<double> _value = value;

    public Vector256<double> Value => _value;

    public static int Count => Vector256<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 Load(float* from) => new(Avx.ConvertToVector256Double(Vector128.Load(from)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => Avx.ConvertToVector128Single(_value).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 Of(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 operator +(Float64x4 a, Float64x4 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 operator -(Float64x4 a, Float64x4 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 operator *(Float64x4 a, Float64x4 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 operator /(Float64x4 a, Float64x4 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 FusedMultiplyAdd(Float64x4 a, Float64x4 b, Float64x4 c) => new(Fma.MultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 Sqrt(Float64x4 x) => new(Avx.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 Floor(Float64x4 x) => new(Avx.Floor(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 Round(Float64x4 x) => new(Avx.RoundToNearestInteger(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 Abs(Float64x4 x) => new(Vector256.Abs(x._value));

    // Of two operands that are NaN or zeros, the instructions return the second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 Clamp(Float64x4 x, Float64x4 low, Float64x4 high) => new(Avx.Min(high._value, Avx.Max(low._value, x._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 IfLess(Float64x4 a, Float64x4 b, Float64x4 then, Float64x4 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(a._value, b._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 PowerOfTwo(Float64x4 shifted) =>
        new(((shifted._value.AsInt64() + Vector256.Create(Exponential.Bias)) << Exponential.MantissaBits).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 Exponent(Float64x4 x) =>
        new(((x._value.AsInt64() >>> Exponential.MantissaBits) | Vector256.Create(Logarithm.Whole)).AsDouble()
            - Vector256.Create(Logarithm.WholeAndBias));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x4 Mantissa(Float64x4 x) =>
        new(((x._value.AsInt64() & Vector256.Create(Logarithm.MantissaMask)) | Vector256.Create(Logarithm.One)).AsDouble());
}
