using ResNetEdge.Model;

namespace ResNetEdge.Operators.Windows;

/// <summary>How a window moves along one spatial axis: the attributes that convolutions and pools share, resolved to numbers.</summary>
/// <param name="Kernel">Taps of the window.</param>
/// <param name="Stride">Steps from one output to the next.</param>
/// <param name="Dilation">Steps from one tap to the next.</param>
/// <param name="Before">Padding in front.</param>
/// <param name="After">Padding behind.</param>
/// <param name="Output">Places that the window takes.</param>
internal readonly record struct WindowAxis(int Kernel, int Stride, int Dilation, int Before, int After, int Output)
{
    /// <summary>Most spatial axes; they have to fit a stack.</summary>
    public const int Most = 8;

    private const int Largest = 65535;

    /// <summary>Whether it leaves the axis as it is.</summary>
    public bool IsIdentity => this is { Kernel: 1, Stride: 1, Before: 0, After: 0 };

    /// <summary>Resolves kernel_shape, strides, dilations, pads, auto_pad and ceil_mode for an input [N][C][spatial axes].</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">Shape of its input.</param>
    /// <param name="weights">Spatial shape of its weights; empty where there are none.</param>
    /// <param name="axes">Room for <see cref="Most"/> axes.</param>
    /// <returns>The axes that there are.</returns>
    /// <exception cref="EdgeException">Exit 3: lists that do not fit the axes, or a window larger than the padded input.</exception>
    public static Span<WindowAxis> Resolve(Node node, Shape input, ReadOnlySpan<int> weights, Span<WindowAxis> axes)
    {
        axes = axes[..CountOf(node, input)];
        if (!weights.IsEmpty && weights.Length != axes.Length)
            throw OperatorRules.Bad(node, $"weights of {weights.Length} spatial axes do not fit an input of shape {input}");
        var pads = List(node, "pads", axes.Length * 2, 0);
        string auto = node.Attributes.String("auto_pad", "NOTSET");
        bool ceil = node.Attributes.Int("ceil_mode", 0) != 0;
        for (int d = 0; d < axes.Length; d++)
        {
            var axis = new WindowAxis(KernelOf(node, weights, d, axes.Length), At(List(node, "strides", axes.Length, 1), d),
                At(List(node, "dilations", axes.Length, 1), d), pads.IsEmpty ? 0 : (int)pads[d], pads.IsEmpty ? 0 : (int)pads[d + axes.Length], 0);
            axes[d] = axis.Place(node, auto, ceil, input[2 + d]);
        }

        return axes;
    }

    /// <summary>Number of spatial axes of an input [N][C][spatial axes].</summary>
    public static int CountOf(Node node, Shape input) => input.Rank is > 2 and <= Most + 2 ? input.Rank - 2
        : throw OperatorRules.Bad(node, $"its input has shape {input}; only 1 to {Most} axes behind batch and channels are supported");

    /// <summary>Taps along an axis: the attribute kernel_shape, or the weights.</summary>
    public static int KernelOf(Node node, ReadOnlySpan<int> weights, int axis, int axes)
    {
        var given = List(node, "kernel_shape", axes, 1);
        if (given.IsEmpty)
            return weights.IsEmpty ? throw OperatorRules.Bad(node, "attribute kernel_shape is missing")
                : weights[axis] is > 0 and <= Largest ? weights[axis]
                : throw OperatorRules.Bad(node, $"weights with an axis of {weights[axis]} are not supported");
        if (!weights.IsEmpty && weights[axis] != given[axis])
        {
            string kernel = string.Join('x', given.ToArray()), expected = string.Join('x', weights.ToArray());
            throw OperatorRules.Bad(node, $"kernel_shape {kernel} does not fit its weights {expected}");
        }

        return (int)given[axis];
    }

    /// <summary>A list of numbers from a least one to 65535; empty where the attribute is missing.</summary>
    public static ReadOnlySpan<long> List(Node node, string attribute, int count, int least)
    {
        ReadOnlySpan<long> given = node.Attributes.Ints(attribute);
        if (node.Attributes.Has(attribute) && (given.Length != count || given.ContainsAnyExceptInRange(least, Largest)))
            throw OperatorRules.Bad(node, $"{attribute} must be {count} numbers from {least} to {Largest}");
        return given;
    }

    /// <summary>One number of a list of strides or dilations; 1 where it is missing.</summary>
    public static int At(ReadOnlySpan<long> list, int axis) => list.IsEmpty ? 1 : (int)list[axis];

    private WindowAxis Place(Node node, string auto, bool ceil, int size)
    {
        long extent = (Kernel - 1L) * Dilation + 1;
        var (before, after) = (Before, After);
        switch (auto)
        {
            case "NOTSET" or "": break;
            case "VALID": (before, after) = (0, 0); break;
            case "SAME_UPPER" or "SAME_LOWER":
                long total = Math.Max(0, ((size + Stride - 1L) / Stride - 1) * Stride + extent - size);
                (before, after) = auto == "SAME_UPPER" ? ((int)(total / 2), (int)(total - total / 2)) : ((int)(total - total / 2), (int)(total / 2));
                break;
            default: throw OperatorRules.Bad(node, $"auto_pad '{auto}' is unknown");
        }

        long room = size + (long)before + after - extent;
        if (room < 0) throw OperatorRules.Bad(node, $"a window of {extent} does not fit an input of {size} padded by {before} and {after}");
        long output = room / Stride + 1;
        // In ceil mode a last window counts when it starts inside the input or its leading padding.
        if (ceil && room % Stride != 0 && output * Stride < size + before) output++;
        return this with { Before = before, After = after, Output = (int)output };
    }
}
