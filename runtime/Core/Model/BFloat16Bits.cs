namespace ResNetEdge.Model;

/// <summary>BFloat16, the upper half of a binary32, of which C# has no type.</summary>
internal static class BFloat16Bits
{
    private const uint Infinity = 0x7F80_0000, QuietNaN = 0x7FC0;

    /// <summary>The nearest number, of two the even one; not-a-number stays that.</summary>
    public static ushort Of(double value)
    {
        if (double.IsNaN(value)) return (ushort)QuietNaN;
        float single = (float)value;
        uint bits = BitConverter.SingleToUInt32Bits(single);
        // Rounded once only: where binary32 is not exact, its last bit says so, and the upper half is that of the number cut off.
        if (single != value && float.IsFinite(single))
        {
            if (Math.Abs((double)single) > Math.Abs(value)) bits--;
            bits |= 1;
        }

        return (bits & Infinity) == Infinity ? (ushort)(bits >> 16) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>The number that bits stand for.</summary>
    public static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
}
