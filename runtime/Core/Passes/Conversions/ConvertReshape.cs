using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>A shape that was an attribute (before 5); on quantised values as every view.</summary>
internal sealed class ConvertReshape : QuantizedConversion
{
    public override string OpType => OpTypes.Reshape;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        if (opset < 5 && !node.Attributes.Has("shape")) throw OperatorRules.Bad(node, "attribute shape is missing");
        bool changed = AttributesToInputs.Move(node, values, "shape");
        return AddBetween(node, values, values.Quantization(node.Inputs[0])) | changed;
    }
}
