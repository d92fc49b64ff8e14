using System.Runtime.CompilerServices;

namespace ResNetEdge.Steps;

/// <summary>The scalar definition of every rounding step, docs/int8-arithmetic.md. Vector kernels equal it bit for bit.</summary>
internal static class Requantize
{
    /// <summary>Rounded results stay in int32 below this magnitude; checked at load, so no kernel clamps floats.</summary>
    public const double Limit = 2147483648.0;

    /// <summary>q = clamp(roundToEven(f) + zeroPoint, low, high); |f| &lt; <see cref="Limit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte ToUInt8(float f, int zeroPoint, int low, int high) =>
        (byte)Math.Clamp((long)MathF.Round(f, MidpointRounding.ToEven) + zeroPoint, low, high);

    /// <summary>Added to a float below 2²² it leaves whole numbers only, rounded to nearest even; taken away again it leaves the number.</summary>
    public const float Rounding = 12582912; // 1.5·2²³

    /// <summary>
    /// What a QuantizeLinear → DequantizeLinear before an Add leaves of sum·multiplier: rounded once to a whole number from low to high, then scaled.
    /// What lies beyond 2²² is not whole, but beyond the bounds as well.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Branch(float sum, float multiplier, float low, float high, float scale) =>
        (Clamp(MathF.FusedMultiplyAdd(sum, multiplier, Rounding), Rounding + low, Rounding + high) - Rounding) * scale;

    /// <summary>f + (r - zeroPoint)·scale with one rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float AddResidual(float f, byte r, int zeroPoint, float scale) => MathF.FusedMultiplyAdd(r - zeroPoint, scale, f);

    /// <summary>
    /// ONNX QuantizeLinear of a value that may be anything: clamp(roundToEven(x / scale) + zeroPoint, 0, 255), NaN becoming 0.
    /// Clamped before it is rounded, which gives the same because the bounds are whole numbers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Quantize(float x, float scale, int zeroPoint)
    {
        float f = x / scale, low = -zeroPoint, high = 255 - zeroPoint;
        f = f > low ? f : low;
        f = f < high ? f : high;
        return (byte)((int)MathF.Round(f, MidpointRounding.ToEven) + zeroPoint);
    }

    /// <summary>Clamp that keeps a NaN, as <c>maxps</c> and <c>minps</c> do with the value as second operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Clamp(float f, float low, float high)
    {
        f = low > f ? low : f;
        return high < f ? high : f;
    }
}
