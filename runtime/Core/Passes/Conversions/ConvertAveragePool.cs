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
        ReadOnlySpan<WindowAxis> axes = WindowAxis.Resolve(node, shape, [], stackalloc WindowAxis[WindowAxis.Most]);
        bool isPadded = false;
        foreach (var axis in axes) isPadded |= (axis.Before | axis.After) != 0;
        if ((isPadded && node.Attributes.Int("count_include_pad", 0) == 0) || node.Attributes.Int("ceil_mode", 0) != 0)
            throw OperatorRules.Bad(node, "dilations together with padding that does not count, or with ceil_mode, are not supported");
        int[] sizes = [shape[1], 1, .. List(axes, static axis => axis.Kernel)];
        var kernel = OperatorRules.ShapeOf(node, sizes);
        if (kernel.ElementCount > MaxWeights)
            throw OperatorRules.Bad(node, $"dilations of a window of {string.Join('x', sizes[2..])} are not supported");
        float[] weights = new float[kernel.ElementCount];
        Array.Fill(weights, 1f / (kernel.ElementCount / Math.Max(1, shape[1])));
        string w = values.AddConstant($"{node.Name}.weight", Tensor.From<float>(kernel, weights));
        values.Add(new Node(OpTypes.Conv, node.Name, [node.Inputs[0], w], node.Outputs)
            .With("group", (long)shape[1])
            .With("dilations", dilations)
            .With("strides", Array.ConvertAll(List(axes, static axis => axis.Stride), static s => (long)s))
            .With("pads", Array.ConvertAll(
                [.. List(axes, static axis => axis.Before), .. List(axes, static axis => axis.After)], static p => (long)p)));
        return true;
    }

    private static int[] List(ReadOnlySpan<WindowAxis> axes, Func<WindowAxis, int> of)
    {
        int[] list = new int[axes.Length];
        for (int d = 0; d < list.Length; d++) list[d] = of(axes[d]);
        return list;
    }
}
