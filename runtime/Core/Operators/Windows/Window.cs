using ResNetEdge.Model;

namespace ResNetEdge.Operators.Windows;

/// <summary>Where a filter or pooling window looks: the attributes that Conv and the pools share, resolved to numbers.</summary>
internal readonly record struct Window(
    int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth, int DilationHeight, int DilationWidth,
    int PadTop, int PadLeft, int PadBottom, int PadRight, int OutputHeight, int OutputWidth)
{
    private static readonly long[] NoPads = new long[4];

    /// <summary>Resolves kernel_shape, strides, dilations, pads, auto_pad and ceil_mode for an N C H W input.</summary>
    /// <exception cref="EdgeException">Exit 3: not two-dimensional, not positive, or larger than the padded input.</exception>
    public static Window Of(Node node, Shape input, int? kernelHeight = null, int? kernelWidth = null)
    {
        if (input.Rank != 4) throw OperatorRules.Bad(node, $"its input has shape {input}; only pictures (N C H W) are supported");
        var kernel = Pair(node, "kernel_shape", kernelHeight, kernelWidth);
        var stride = Pair(node, "strides", 1, 1);
        var dilation = Pair(node, "dilations", 1, 1);
        if (kernelHeight is { } h && (kernel.Height, kernel.Width) != (h, kernelWidth))
            throw OperatorRules.Bad(node, $"kernel_shape {kernel.Height}x{kernel.Width} does not fit its weights {h}x{kernelWidth}");
        ReadOnlySpan<long> pads = node.Attributes.Ints("pads") ?? NoPads;
        if (pads.Length != 4 || pads.ContainsAnyExceptInRange(0, 65535)) throw OperatorRules.Bad(node, "pads must be four numbers from 0 to 65535");
        bool ceil = node.Attributes.Int("ceil_mode", 0) != 0;
        string auto = node.Attributes.String("auto_pad", "NOTSET");
        var vertical = Resolve(node, auto, ceil, input[2], kernel.Height, stride.Height, dilation.Height, (int)pads[0], (int)pads[2]);
        var horizontal = Resolve(node, auto, ceil, input[3], kernel.Width, stride.Width, dilation.Width, (int)pads[1], (int)pads[3]);
        return new Window(kernel.Height, kernel.Width, stride.Height, stride.Width, dilation.Height, dilation.Width,
            vertical.Before, horizontal.Before, vertical.After, horizontal.After, vertical.Output, horizontal.Output);
    }

    private static (int Before, int After, int Output) Resolve(
        Node node, string auto, bool ceil, int size, int kernel, int stride, int dilation, int before, int after)
    {
        long extent = (kernel - 1L) * dilation + 1;
        switch (auto)
        {
            case "NOTSET": break;
            case "VALID": (before, after) = (0, 0); break;
            case "SAME_UPPER" or "SAME_LOWER":
                long total = Math.Max(0, ((size + stride - 1L) / stride - 1) * stride + extent - size);
                (before, after) = auto == "SAME_UPPER" ? ((int)(total / 2), (int)(total - total / 2)) : ((int)(total - total / 2), (int)(total / 2));
                break;
            default: throw OperatorRules.Bad(node, $"auto_pad '{auto}' is unknown");
        }

        long room = size + (long)before + after - extent;
        if (room < 0) throw OperatorRules.Bad(node, $"a window of {extent} does not fit an input of {size} padded by {before} and {after}");
        long output = room / stride + 1;
        // In ceil mode a last window counts when it starts inside the input or its leading padding.
        if (ceil && room % stride != 0 && output * stride < size + before) output++;
        return (before, after, (int)output);
    }

    private static (int Height, int Width) Pair(Node node, string attribute, int? height, int? width)
    {
        var given = node.Attributes.Ints(attribute);
        if (given is null) return (height, width) is ({ } h, { } w) ? (h, w) : throw OperatorRules.Bad(node, $"attribute {attribute} is missing");
        if (given.Length != 2 || given.AsSpan().ContainsAnyExceptInRange(1, 65535))
            throw OperatorRules.Bad(node, $"{attribute} must be two numbers from 1 to 65535");
        return ((int)given[0], (int)given[1]);
    }
}
