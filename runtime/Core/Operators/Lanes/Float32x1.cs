using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>One float32: the definition of every function, and what is left over at the end of a row.</summary>
internal readonly unsafe struct Float32x1(float value) : IFloatLanes<Float32x1>
{
    private readonly float _value = value;

    public static int Count => 1;

    public static bool IsWide => false;

    public float Value => _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 Of(double value) => new((float)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 Load(float* from) => new(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 Broadcast(float* from) => new(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => *to = _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 operator +(Float32x1 a, Float32x1 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 operator -(Float32x1 a, Float32x1 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 operator *(Float32x1 a, Float32x1 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 operator /(Float32x1 a, Float32x1 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 FusedMultiplyAdd(Float32x1 a, Float32x1 b, Float32x1 c) =>
        new(MathF.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 Sqrt(Float32x1 x) => new(MathF.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 Floor(Float32x1 x) => new(MathF.Floor(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 Round(Float32x1 x) => new(MathF.Round(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 Abs(Float32x1 x) => new(MathF.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 Clamp(Float32x1 x, Float32x1 low, Float32x1 high)
    {
        x = x._value < low._value ? low : x;
        return high._value < x._value ? high : x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 IfLess(Float32x1 a, Float32x1 b, Float32x1 then, Float32x1 otherwise) => a._value < b._value ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 PowerOfTwo(Float32x1 shifted) => new(BitConverter.UInt32BitsToSingle(
        (BitConverter.SingleToUInt32Bits(shifted._value) << Float32Exponential.MantissaBits) + Float32Exponential.One));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Float32x1 InDouble<TFunction>(TFunction function) where TFunction : struct, IDoubleFunction =>
        new((float)function.Apply(new Float64x1(_value)).Value);
}
