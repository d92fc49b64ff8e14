using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Lanes;

/// <summary>One byte.</summary>
internal readonly unsafe struct Bytes1 : IByteLanes<Float32x1>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x1 Load(byte* from) => new(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float32x1 values, Float32x1 low, Float32x1 high, int zeroPoint, byte* to)
    {
        float f = values.Value > low.Value ? values.Value : low.Value;
        f = f < high.Value ? f : high.Value;
        *to = (byte)((int)MathF.Round(f, MidpointRounding.ToEven) + zeroPoint);
    }
}
