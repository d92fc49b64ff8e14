using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Unary;

/// <summary>Two float64 in a 128-bit register: NEON's. See <see cref="Float32x4"/>.</summary>
internal readonly unsafe struct Float64x2(Vector128<double> value) : IDoubleLanes<Float64x2>
{
    private readonly Vector128<double> _value = value;

    public Vector128<double> Value => _value;

    public static int Count => Vector128<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 Load(float* from) => new(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(double*)from).AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => *(double*)to = AdvSimd.Arm64.IsSupported
        ? AdvSimd.Arm64.ConvertToSingleLower(_value).AsDouble().ToScalar()
        : Vector128.Narrow(_value, _value).AsDouble().ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 Of(double value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 operator +(Float64x2 a, Float64x2 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 operator -(Float64x2 a, Float64x2 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 operator *(Float64x2 a, Float64x2 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 operator /(Float64x2 a, Float64x2 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 FusedMultiplyAdd(Float64x2 a, Float64x2 b, Float64x2 c) =>
        new(Vector128.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 Sqrt(Float64x2 x) => new(Vector128.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 Floor(Float64x2 x) => new(Vector128.Floor(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 Round(Float64x2 x) => new(Vector128.Round(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 Abs(Float64x2 x) => new(Vector128.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 Clamp(Float64x2 x, Float64x2 low, Float64x2 high)
    {
        x = IfLess(x, low, low, x);
        return IfLess(high, x, high, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 IfLess(Float64x2 a, Float64x2 b, Float64x2 then, Float64x2 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(a._value, b._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 PowerOfTwo(Float64x2 shifted) =>
        new(((shifted._value.AsInt64() + Vector128.Create(Exponential.Bias)) << Exponential.MantissaBits).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 Exponent(Float64x2 x) =>
        new(((x._value.AsInt64() >>> Exponential.MantissaBits) | Vector128.Create(Logarithm.Whole)).AsDouble()
            - Vector128.Create(Logarithm.WholeAndBias));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64x2 Mantissa(Float64x2 x) =>
        new(((x._value.AsInt64() & Vector128.Create(Logarithm.MantissaMask)) | Vector128.Create(Logarithm.One)).AsDouble());
}
