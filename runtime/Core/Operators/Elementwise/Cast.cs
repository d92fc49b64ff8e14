using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Converts element types; floats truncate towards zero into integers and saturate at their ends.</summary>
internal sealed class Cast : Operator
{
    public override string OpType => OpTypes.Cast;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Converted, Axes = AxisUse.None };

    private static readonly AttributeRule To = Int("to").Required().Only(
        (long)ElementType.Float32, (long)ElementType.Float64, (long)ElementType.Float16, (long)ElementType.BFloat16, (long)ElementType.Bool,
        (long)ElementType.Int64, (long)ElementType.Int32, (long)ElementType.Int16, (long)ElementType.Int8,
        (long)ElementType.UInt64, (long)ElementType.UInt32, (long)ElementType.UInt16, (long)ElementType.UInt8);

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Text("to").Required()),
        new(6, 1, 1, To),
        new(19, 1, 1, To, Int("saturate")), // of 8-bit floats, which are not supported
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var from = inputs.Required(node, 0);
        var to = (ElementType)node.Attributes.Int("to", 0);
        if (!ElementKinds.All.Include(from.Type) || !ElementKinds.All.Include(to))
            throw OperatorRules.Bad(node, $"a cast from {from.Type} to {to} is not supported");
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

        bool isExact = !x.Type.IsFloat() && !y.Type.IsFloat();
        for (int i = 0; i < y.Shape.ElementCount; i++)
        {
            if (isExact) y.Set(i, x.Integer(i));
            else y.Set(i, x.Number(i));
        }
    }
}
