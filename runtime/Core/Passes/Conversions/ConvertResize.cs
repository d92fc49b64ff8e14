using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Operator set 10 has scales as its second input and coordinates that are multiples of them. Since 18 scales may be of some axes only, and
/// attributes may say what holds without them; in opset 17 there is a scale or a size for every axis.
/// </summary>
internal sealed class ConvertResize : Conversion
{
    public override string OpType => OpTypes.Resize;

    /// <summary>Adds a Resize whose coordinates are multiples of the scales.</summary>
    public static void AddAsymmetric(Node node, string mode, string scales, KnownValues values) =>
        values.Add(new Node(OpTypes.Resize, node.Name, [node.Inputs[0], "", scales], node.Outputs)
            .With("mode", mode).With("coordinate_transformation_mode", "asymmetric").With("nearest_mode", "floor"));

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        if (opset < 11)
        {
            AddAsymmetric(node, node.Attributes.String("mode", "nearest"), node.Inputs[1], values);
            return true;
        }

        bool changed = false;
        if (node.Attributes.Int("antialias", 0) == 0) changed |= Remove(node, "antialias");
        if (node.Attributes.String("keep_aspect_ratio_policy", "stretch") == "stretch") changed |= Remove(node, "keep_aspect_ratio_policy");
        if (!node.Attributes.Has("keep_aspect_ratio_policy")) changed |= SpreadAxes(node, values);
        values.Add(node);
        return changed;
    }

    private static bool SpreadAxes(Node node, KnownValues values)
    {
        if (node.Attributes.Ints("axes") is not { } axes || node.Input(1).Length > 0) return false;
        var shape = values.Of(node, node.Inputs[0]).Shape;
        int input = node.Input(3).Length > 0 ? 3 : 2;
        if (values.Constant(node.Input(input)) is not { } given || given.Shape.ElementCount != axes.Length) return false;
        float[] scales = new float[shape.Rank];
        long[] sizes = [.. shape.Dimensions.ToArray().Select(static d => (long)d)];
        Array.Fill(scales, 1);
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = OperatorRules.Axis(node, axes[i], shape.Rank);
            if (input == 3) sizes[axis] = given.ToInt64s()[i];
            else scales[axis] = given.ToFloats()[i];
        }

        var spread = input == 3 ? Tensor.Vector<long>(sizes) : Tensor.Vector<float>(scales);
        node.Inputs[input] = values.AddConstant($"{node.Name}.{(input == 3 ? "sizes" : "scales")}", spread);
        return Remove(node, "axes");
    }
}
