using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Unary;

/// <summary>
/// Four float32 in a 128-bit register: NEON's. Written without its intrinsics, so that tests run it on other processors that have FMA too.
/// </summary>
internal readonly unsafe struct Float32x4(Vector128<float> value) : IFloatLanes<Float32x4>
{
    private readonly Vector128<float> _value = value;

    public static int Count => Vector128<float>.Count;

    public static bool IsWide => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 Of(double value) => new(Vector128.Create((float)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 Load(float* from) => new(Vector128.Load(from));

    public Vector128<float> Value => _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 Broadcast(float* from) => new(Vector128.Create(*from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => _value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 operator +(Float32x4 a, Float32x4 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 operator -(Float32x4 a, Float32x4 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 operator *(Float32x4 a, Float32x4 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 operator /(Float32x4 a, Float32x4 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 FusedMultiplyAdd(Float32x4 a, Float32x4 b, Float32x4 c) =>
        new(Vector128.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 Sqrt(Float32x4 x) => new(Vector128.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 Floor(Float32x4 x) => new(Vector128.Floor(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 Round(Float32x4 x) => new(Vector128.Round(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 Abs(Float32x4 x) => new(Vector128.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 Clamp(Float32x4 x, Float32x4 low, Float32x4 high)
    {
        x = IfLess(x, low, low, x);
        return IfLess(high, x, high, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 IfLess(Float32x4 a, Float32x4 b, Float32x4 then, Float32x4 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(a._value, b._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 PowerOfTwo(Float32x4 shifted) =>
        new(((shifted._value.AsUInt32() << Float32Exponential.MantissaBits) + Vector128.Create(Float32Exponential.One)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Float32x4 InDouble<TFunction>(TFunction function) where TFunction : struct, IDoubleFunction
    {
        var lower = function.Apply(new Float64x2(Vector128.WidenLower(_value)));
        var upper = function.Apply(new Float64x2(Vector128.WidenUpper(_value)));
        return new(Vector128.Narrow(lower.Value, upper.Value));
    }
}
