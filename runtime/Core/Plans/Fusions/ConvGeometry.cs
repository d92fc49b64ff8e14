using ResNetEdge.Model;
using ResNetEdge.Operators.Windows;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// The geometry of a convolution over two or three axes. Of three, one over pictures alone is one of two axes over a larger batch, and one over depth
/// alone is one whose rows are pictures: all are the same bytes with the channels innermost.
/// </summary>
internal static class ConvGeometry
{
    /// <param name="x">Shape of the input, N C H W or N C D H W.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="axes">The window along each axis.</param>
    public static ConvShape Of(Shape x, int outputs, int groups, ReadOnlySpan<WindowAxis> axes)
    {
        var (height, width) = (axes[^2], axes[^1]);
        var shape = new ConvShape
        {
            Batch = x[0],
            InputHeight = x[^2],
            InputWidth = x[^1],
            InputChannels = x[1],
            OutputChannels = outputs,
            KernelHeight = height.Kernel,
            KernelWidth = width.Kernel,
            StrideHeight = height.Stride,
            StrideWidth = width.Stride,
            DilationHeight = height.Dilation,
            DilationWidth = width.Dilation,
            PadTop = height.Before,
            PadLeft = width.Before,
            PadBottom = height.After,
            PadRight = width.After,
            Groups = groups,
        };
        if (axes.Length == 2) return shape;
        var depth = axes[0];
        if (depth.IsIdentity) return shape with { Batch = x[0] * x[2] };
        return height.IsIdentity && width.IsIdentity ? shape with
        {
            InputHeight = x[2],
            InputWidth = x[3] * x[4],
            KernelHeight = depth.Kernel,
            StrideHeight = depth.Stride,
            DilationHeight = depth.Dilation,
            PadTop = depth.Before,
            PadBottom = depth.After,
        } : shape with
        {
            InputDepth = x[2],
            KernelDepth = depth.Kernel,
            StrideDepth = depth.Stride,
            DilationDepth = depth.Dilation,
            PadFront = depth.Before,
            PadBack = depth.After,
        };
    }
}
