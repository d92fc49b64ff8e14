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

    /// <summary>The quantised form of a float, as QuantizeLinear has it.</summary>
    public byte Quantize(float value) => Requantize.Quantize(value, Scale, ZeroPoint);
}
