using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>Before operator set 16 coordinates were not shifted by half a pixel, which since then is said.</summary>
internal sealed class ConvertRoiAlign : Conversion
{
    public override string OpType => OpTypes.RoiAlign;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        if (opset < 16) node.Attributes["coordinate_transformation_mode"] = "output_half_pixel";
        values.Add(node);
        return opset < 16;
    }
}
