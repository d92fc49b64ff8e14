using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Plans;

/// <summary>A constant seen through DequantizeLinear: weights or a bias.</summary>
/// <param name="Values">s8, u8 or s32.</param>
/// <param name="Scale">One, or one per index of the axis.</param>
/// <param name="ZeroPoint">As many, or null for zeros.</param>
/// <param name="Axis">The axis of per-channel scales.</param>
internal sealed record QuantizedConstant(Tensor Values, Tensor Scale, Tensor? ZeroPoint, int Axis)
{
    /// <summary>The float values, (q - zeroPoint)·scale.</summary>
    public float[] Dequantize()
    {
        var scales = Scale.As<float>();
        var zeros = ZeroPoint?.ToInt64s();
        var values = Values.ToInt64s();
        var result = new float[values.Length];
        int inner = Inner(scales.Length);
        for (int i = 0; i < result.Length; i++)
        {
            int channel = i / inner % scales.Length;
            result[i] = (values[i] - (zeros?[channel] ?? 0)) * scales[channel];
        }

        return result;
    }

    /// <summary>Symmetric 8-bit values: s8 with zero point 0, or u8 with zero point 128.</summary>
    public bool IsSymmetric
    {
        get
        {
            long expected = Values.Type switch { ElementType.Int8 => 0, ElementType.UInt8 => 128, _ => -1 };
            return expected >= 0 && (ZeroPoint?.ToInt64s() ?? [0]).All(z => z == expected);
        }
    }

    /// <summary>Symmetric values as s8; u8 ones are moved down by 128.</summary>
    public ReadOnlyMemory<sbyte> Symmetric()
    {
        if (Values.Type == ElementType.Int8) return Values.MemoryAs<sbyte>();
        var bytes = Values.As<byte>();
        var result = new sbyte[bytes.Length];
        for (int i = 0; i < result.Length; i++) result[i] = (sbyte)(bytes[i] - 128);
        return result;
    }

    /// <summary>
    /// One scale for each of <paramref name="channels"/> output channels lying along
    /// <paramref name="axis"/>; null when the scales run along another axis.
    /// </summary>
    public float[]? ScalesPerChannel(int axis, int channels)
    {
        var scales = Scale.As<float>();
        if (scales.Length == 1) return [.. Enumerable.Repeat(scales[0], channels)];
        return scales.Length == channels && Axis == axis ? scales.ToArray() : null;
    }

    private int Inner(int scales)
    {
        int inner = 1;
        for (int i = Axis + 1; scales > 1 && i < Values.Shape.Rank; i++) inner *= Values.Shape[i];
        return inner;
    }
}
