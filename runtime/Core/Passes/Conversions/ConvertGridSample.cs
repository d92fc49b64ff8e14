using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>Since operator set 20 its modes have other names, and it samples in any number of dimensions.</summary>
internal sealed class ConvertGridSample : Conversion
{
    public override string OpType => OpTypes.GridSample;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        string? mode = opset < 20 || values.Of(node, node.Inputs[0]).Shape.Rank != 4 ? null : node.Attributes.String("mode", "linear") switch
        {
            "linear" => "bilinear",
            "cubic" => "bicubic",
            _ => null,
        };
        if (mode is not null) node.Attributes["mode"] = mode;
        values.Add(node);
        return mode is not null;
    }
}
