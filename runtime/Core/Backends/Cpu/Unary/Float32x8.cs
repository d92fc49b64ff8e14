using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Unary;

/// <summary>Eight float32 in an AVX register; needs AVX2 and FMA.</summary>
internal readonly unsafe struct Float32x8(Vector256<float> value) : IFloatLanes<Float32x8>
{
    private readonly Vector256<float> _value = value;

    public static int Count => Vector256<float>.Count;

    public static bool IsWide => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 Of(double value) => new(Vector256.Create((float)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 Load(float* from) => new(Vector256.Load(from));

    public Vector256<float> Value => _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 Broadcast(float* from) => new(Vector256.Create(*from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => _value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 operator +(Float32x8 a, Float32x8 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 operator -(Float32x8 a, Float32x8 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 operator *(Float32x8 a, Float32x8 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 operator /(Float32x8 a, Float32x8 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 FusedMultiplyAdd(Float32x8 a, Float32x8 b, Float32x8 c) => new(Fma.MultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 Sqrt(Float32x8 x) => new(Avx.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 Floor(Float32x8 x) => new(Avx.Floor(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 Round(Float32x8 x) => new(Avx.RoundToNearestInteger(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 Abs(Float32x8 x) => new(Vector256.Abs(x._value));

    // Of two operands that are NaN or zeros, the instructions return the second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 Clamp(Float32x8 x, Float32x8 low, Float32x8 high) => new(Avx.Min(high._value, Avx.Max(low._value, x._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 IfLess(Float32x8 a, Float32x8 b, Float32x8 then, Float32x8 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(a._value, b._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 PowerOfTwo(Float32x8 shifted) =>
        new(((shifted._value.AsUInt32() << Float32Exponential.MantissaBits) + Vector256.Create(Float32Exponential.One)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Float32x8 InDouble<TFunction>(TFunction function) where TFunction : struct, IDoubleFunction
    {
        var lower = function.Apply(new Float64x4(Avx.ConvertToVector256Double(_value.GetLower())));
        var upper = function.Apply(new Float64x4(Avx.ConvertToVector256Double(_value.GetUpper())));
        return new(Vector256.Create(Avx.ConvertToVector128Single(lower.Value), Avx.ConvertToVector128Single(upper.Value)));
    }
}
