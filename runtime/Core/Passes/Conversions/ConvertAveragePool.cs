using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Windows;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// A mean over pixels that lie apart (dilations, since 19): opset 17 says it as a depthwise Conv, where padding counts as zeros or there is none.
/// </summary>
internal sealed class ConvertAveragePool : Conversion
{
    private const int MaxWeights = 1 << 24;

    public override string OpType => OpTypes.AveragePool;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        if (node.Attributes.Ints("dilations") is not { } dilations || Array.TrueForAll(dilations, static d => d == 1))
        {
            bool changed = Remove(node, "dilations");
            values.Add(node);
            return changed;
        }

        var shape = values.Of(node, node.Inputs[0]).Shape;
        var window = Window.Of(node, shape);
        bool isPadded = (window.PadTop | window.PadLeft | window.PadBottom | window.PadRight) != 0;
        if ((isPadded && node.Attributes.Int("count_include_pad", 0) == 0) || node.Attributes.Int("ceil_mode", 0) != 0)
            throw OperatorRules.Bad(node, "dilations together with padding that does not count, or with ceil_mode, are not supported");
        var kernel = OperatorRules.ShapeOf(node, shape[1], 1, window.KernelHeight, window.KernelWidth);
        if (kernel.ElementCount > MaxWeights)
            throw OperatorRules.Bad(node, $"dilations of a window of {window.KernelHeight}x{window.KernelWidth} are not supported");
        float[] weights = new float[kernel.ElementCount];
        Array.Fill(weights, 1f / (window.KernelHeight * window.KernelWidth));
        string w = values.AddConstant($"{node.Name}.weight", Tensor.From<float>(kernel, weights));
        values.Add(new Node(OpTypes.Conv, node.Name, [node.Inputs[0], w], node.Outputs)
            .With("group", (long)shape[1])
            .With("dilations", dilations)
            .With("strides", new long[] { window.StrideHeight, window.StrideWidth })
            .With("pads", new long[] { window.PadTop, window.PadLeft, window.PadBottom, window.PadRight }));
        return true;
    }
}
