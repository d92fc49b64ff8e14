using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>The type of the quantised value as an attribute (since 21): opset 17 says it by the zero point's.</summary>
internal sealed class ConvertQuantizeLinear : Conversion
{
    public override string OpType => OpTypes.QuantizeLinear;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        var type = (ElementType)node.Attributes.Int("output_dtype", 0);
        if (type != ElementType.Undefined && node.Input(2).Length > 0 && values.Of(node, node.Inputs[2]).Type is var given && given != type)
            throw OperatorRules.Bad(node, $"attribute output_dtype is {type}, but the zero point is {given}");
        if (type is not (ElementType.Undefined or ElementType.UInt8) && node.Input(2).Length == 0)
        {
            var shape = values.Of(node, node.Inputs[1]).Shape;
            SetInput(node, 2, values.AddConstant($"{node.Name}.zero_point", new Tensor(type, shape, new byte[shape.ElementCount * type.Size()])));
        }

        bool changed = Remove(node, "output_dtype", "saturate", "block_size", "precision");
        values.Add(node);
        return changed;
    }
}
