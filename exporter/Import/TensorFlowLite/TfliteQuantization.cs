using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>How the integers of a tensor stand for numbers: x = (q − zeroPoint) · scale, per tensor or along an axis.</summary>
/// <param name="Scales">One, or one per index of the axis; positive and finite.</param>
/// <param name="ZeroPoints">As many; within the tensor's type.</param>
/// <param name="Axis">In the tensor's own layout; meaningless for one scale.</param>
internal sealed record TfliteQuantization(float[] Scales, long[] ZeroPoints, int Axis)
{
    /// <summary>The scales as a constant: a scalar, or a vector.</summary>
    public Tensor ScaleTensor => Scales.Length == 1 ? Tensor.Scalar(Scales[0]) : Tensor.Vector<float>(Scales);

    /// <summary>The zero points as a constant of the tensor's type.</summary>
    /// <param name="type">u8, s8 or s32.</param>
    public Tensor ZeroPointTensor(ElementType type)
    {
        var shape = Scales.Length == 1 ? Shape.Scalar : new Shape(Scales.Length);
        return type switch
        {
            ElementType.UInt8 => Tensor.From<byte>(shape, [.. ZeroPoints.Select(z => (byte)z)]),
            ElementType.Int8 => Tensor.From<sbyte>(shape, [.. ZeroPoints.Select(z => (sbyte)z)]),
            _ => Tensor.From<int>(shape, [.. ZeroPoints.Select(z => (int)z)]),
        };
    }
}
