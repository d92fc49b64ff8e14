using ResNetEdge.Steps;

namespace ResNetEdge.Plans;

/// <summary>A float value that is really a quantised one seen through DequantizeLinear: x = (q - ZeroPoint)·Scale.</summary>
/// <param name="Name">The quantised value.</param>
/// <param name="Scale">Per tensor.</param>
/// <param name="ZeroPoint">Of the u8 form; a signed value's zero point is moved up by 128 with its elements.</param>
internal sealed record QuantizedView(string Name, float Scale, byte ZeroPoint)
{
    /// <summary>Numbers that a quantised value can be.</summary>
    public const int Count = 256;

    /// <summary>Same scale and zero point.</summary>
    public bool Fits(QuantizedView other) => Scale == other.Scale && ZeroPoint == other.ZeroPoint;

    /// <summary>The float that a quantised value stands for, as DequantizeLinear has it.</summary>
    public float Dequantize(byte value) => (value - ZeroPoint) * Scale;

    /// <summary>What each quantised value becomes in another form, [256]: the difference to the zero point, multiplied once, rounded once.</summary>
    /// <exception cref="EdgeException">Exit 3: scales so far apart that a product has no place in 32 bits.</exception>
    public byte[] Requantized(QuantizedView other)
    {
        double ratio = (double)Scale / other.Scale;
        if (!(ratio > 0 && 255 * ratio < Requantize.Limit / 2))
            throw EdgeException.BadInput($"'{Name}' is quantised twice with scales whose ratio is {ratio}; it must be positive and below 2^22");
        byte[] table = new byte[Count];
        for (int q = 0; q < table.Length; q++)
            table[q] = Requantize.ToUInt8((q - ZeroPoint) * (float)ratio, other.ZeroPoint, 0, byte.MaxValue);
        return table;
    }

    /// <summary>The quantised form of a float, as QuantizeLinear has it.</summary>
    public byte Quantize(float value) => Requantize.Quantize(value, Scale, ZeroPoint);
}
