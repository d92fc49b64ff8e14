using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Converts element types; floats truncate towards zero into integers and saturate at their ends.</summary>
internal sealed class Cast : Operator
{
    public override string OpType => OpTypes.Cast;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Converted, Axes = AxisUse.None };

    private static readonly AttributeRule To = Int("to").Required().Only(
        (long)ElementType.Float32, (long)ElementType.UInt8, (long)ElementType.Int8, (long)ElementType.Int32,
        (long)ElementType.Int64, (long)ElementType.Bool,
        (long)ElementType.Float16, (long)ElementType.Float64);

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(6, 1, 1, To),
        new(19, 1, 1, To, Int("saturate")), // of 8-bit floats, which are not supported
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var from = inputs.Required(node, 0);
        var to = (ElementType)node.Attributes.Int("to", 0);
        if (!IsSupported(from.Type) || !IsSupported(to)) throw OperatorRules.Bad(node, $"a cast from {from.Type} to {to} is not supported");
        return [new(to, from.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        if (x.Type == y.Type)
        {
            x.Bytes.CopyTo(y.Bytes);
            return;
        }

        bool exact = !IsFloat(x.Type) && !IsFloat(y.Type);
        for (int i = 0; i < y.Shape.ElementCount; i++)
            if (exact) WriteInt(y, i, ReadInt(x, i));
            else WriteFloat(y, i, IsFloat(x.Type) ? ReadFloat(x, i) : ReadInt(x, i));
    }

    private static bool IsSupported(ElementType type) => IsFloat(type)
        || type is ElementType.UInt8 or ElementType.Int8 or ElementType.Int32 or ElementType.Int64 or ElementType.Bool;

    private static bool IsFloat(ElementType type) => type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16;

    private static double ReadFloat(in TensorView x, int i) => x.Type switch
    {
        ElementType.Float32 => x.As<float>()[i],
        ElementType.Float64 => x.As<double>()[i],
        _ => (double)x.As<Half>()[i],
    };

    private static long ReadInt(in TensorView x, int i) => x.Type switch
    {
        ElementType.UInt8 or ElementType.Bool => x.Bytes[i],
        ElementType.Int8 => x.As<sbyte>()[i],
        ElementType.Int32 => x.As<int>()[i],
        _ => x.As<long>()[i],
    };

    private static void WriteInt(in TensorView y, int i, long value)
    {
        switch (y.Type)
        {
            case ElementType.UInt8: y.Bytes[i] = (byte)value; break;
            case ElementType.Int8: y.Bytes[i] = (byte)value; break;
            case ElementType.Bool: y.Bytes[i] = (byte)(value != 0 ? 1 : 0); break;
            case ElementType.Int32: y.As<int>()[i] = (int)value; break;
            default: y.As<long>()[i] = value; break;
        }
    }

    private static void WriteFloat(in TensorView y, int i, double value)
    {
        switch (y.Type)
        {
            case ElementType.Float32: y.As<float>()[i] = (float)value; break;
            case ElementType.Float64: y.As<double>()[i] = value; break;
            case ElementType.Float16: y.As<Half>()[i] = (Half)value; break;
            case ElementType.UInt8: y.Bytes[i] = (byte)Math.Clamp(Math.Truncate(value), 0, 255); break;
            case ElementType.Int8: y.As<sbyte>()[i] = (sbyte)Math.Clamp(Math.Truncate(value), -128, 127); break;
            case ElementType.Bool: y.Bytes[i] = (byte)(value != 0 ? 1 : 0); break;
            case ElementType.Int32: y.As<int>()[i] = (int)value; break;
            default: y.As<long>()[i] = (long)value; break;
        }
    }
}
