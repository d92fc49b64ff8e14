using ResNetEdge.Model;

namespace ResNetEdge.Operators.Windows;

/// <summary>Where a two-dimensional filter or pooling window looks; two <see cref="WindowAxis"/> by name.</summary>
internal readonly record struct Window(
    int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth, int DilationHeight, int DilationWidth,
    int PadTop, int PadLeft, int PadBottom, int PadRight, int OutputHeight, int OutputWidth)
{
    /// <summary>Whether a node's input has two spatial axes, so that <see cref="Of"/> can be asked.</summary>
    public static bool IsOf(Shape input) => input.Rank == 4;

    /// <summary>Resolves kernel_shape, strides, dilations, pads, auto_pad and ceil_mode for an N C H W input.</summary>
    /// <exception cref="EdgeException">Exit 3: not two-dimensional, not positive, or larger than the padded input.</exception>
    public static Window Of(Node node, Shape input, int? kernelHeight = null, int? kernelWidth = null)
    {
        if (!IsOf(input)) throw OperatorRules.Bad(node, $"its input has shape {input}; only pictures (N C H W) are supported");
        ReadOnlySpan<int> weights = (kernelHeight, kernelWidth) is ({ } h, { } w) ? [h, w] : [];
        var axes = WindowAxis.Resolve(node, input, weights, stackalloc WindowAxis[WindowAxis.Most]);
        WindowAxis y = axes[0], x = axes[1];
        return new Window(y.Kernel, x.Kernel, y.Stride, x.Stride, y.Dilation, x.Dilation, y.Before, x.Before, y.After, x.After, y.Output, x.Output);
    }
}
