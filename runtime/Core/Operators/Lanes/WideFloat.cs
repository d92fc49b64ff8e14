using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>One float of any width, computed in float64: by it references compute what is stored in float16 or float64.</summary>
internal readonly unsafe struct WideFloat(double value) : IFloatLanes<WideFloat>
{
    private readonly double _value = value;

    public static int Count => 1;

    public static bool IsWide => true;

    public double Value => _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat Of(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat Load(float* from) => new(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat Broadcast(float* from) => new(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => *to = (float)_value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat operator +(WideFloat a, WideFloat b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat operator -(WideFloat a, WideFloat b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat operator *(WideFloat a, WideFloat b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat operator /(WideFloat a, WideFloat b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat FusedMultiplyAdd(WideFloat a, WideFloat b, WideFloat c) => new(Math.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat Sqrt(WideFloat x) => new(Math.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat Floor(WideFloat x) => new(Math.Floor(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat Round(WideFloat x) => new(Math.Round(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat Abs(WideFloat x) => new(Math.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat Clamp(WideFloat x, WideFloat low, WideFloat high)
    {
        x = x._value < low._value ? low : x;
        return high._value < x._value ? high : x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat IfLess(WideFloat a, WideFloat b, WideFloat then, WideFloat otherwise) => a._value < b._value ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideFloat PowerOfTwo(WideFloat shifted) => new(Math.ScaleB(1, (int)(shifted._value - Float32Exponential.Rounding)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WideFloat InDouble<TFunction>(TFunction function) where TFunction : struct, IDoubleFunction =>
        new(function.Apply(new Float64x1(_value)).Value);
}
