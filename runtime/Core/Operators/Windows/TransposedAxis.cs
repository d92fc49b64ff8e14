using ResNetEdge.Model;

namespace ResNetEdge.Operators.Windows;

/// <summary>How the kernel of a ConvTranspose lies along one spatial axis: input i adds tap k to output i · stride + k · dilation − before.</summary>
/// <param name="Kernel">Taps of the kernel.</param>
/// <param name="Stride">Steps from one input to the next.</param>
/// <param name="Dilation">Steps from one tap to the next.</param>
/// <param name="Before">Outputs cut off in front; less than zero adds some.</param>
/// <param name="Output">Size of the output.</param>
internal readonly record struct TransposedAxis(int Kernel, int Stride, int Dilation, int Before, int Output)
{
    /// <summary>Resolves the attributes for an input [N][C][spatial axes].</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">Shape of its input.</param>
    /// <param name="weights">Spatial shape of its weights.</param>
    /// <param name="axes">Room for <see cref="WindowAxis.Most"/> axes.</param>
    /// <returns>The axes that there are.</returns>
    /// <exception cref="EdgeException">Exit 3: lists that do not fit the axes, or an output without a size.</exception>
    public static Span<TransposedAxis> Resolve(Node node, Shape input, ReadOnlySpan<int> weights, Span<TransposedAxis> axes)
    {
        axes = axes[..WindowAxis.CountOf(node, input)];
        if (weights.Length != axes.Length)
            throw OperatorRules.Bad(node, $"weights of {weights.Length} spatial axes do not fit an input of shape {input}");
        string auto = node.Attributes.String("auto_pad", "NOTSET");
        if (auto is not ("NOTSET" or "" or "VALID" or "SAME_UPPER" or "SAME_LOWER")) throw OperatorRules.Bad(node, $"auto_pad '{auto}' is unknown");
        var pads = WindowAxis.List(node, "pads", axes.Length * 2, 0);
        var wider = WindowAxis.List(node, "output_padding", axes.Length, 0);
        var asked = AskedShape(node, axes.Length);
        for (int d = 0; d < axes.Length; d++)
        {
            int kernel = WindowAxis.KernelOf(node, weights, d, axes.Length);
            int stride = WindowAxis.At(WindowAxis.List(node, "strides", axes.Length, 1), d);
            int dilation = WindowAxis.At(WindowAxis.List(node, "dilations", axes.Length, 1), d);
            long whole = (input[d + 2] - 1L) * stride + (wider.IsEmpty ? 0 : wider[d]) + (kernel - 1L) * dilation + 1, before = 0, output;
            bool isSame = auto is "SAME_UPPER" or "SAME_LOWER";
            if (!asked.IsEmpty || isSame)
            {
                output = asked.IsEmpty ? (long)input[d + 2] * stride : asked[d];
                long cut = Math.Max(0, whole - output);
                before = auto == "SAME_UPPER" ? cut / 2 : cut - cut / 2;
            }
            else if (auto == "VALID" || pads.IsEmpty) output = whole;
            else (before, output) = (pads[d], whole - pads[d] - pads[d + axes.Length]);
            if (output < 0 || output > int.MaxValue) throw OperatorRules.Bad(node, $"its output would have {output} elements along axis {d + 2}");
            axes[d] = new TransposedAxis(kernel, stride, dilation, (int)before, (int)output);
        }

        return axes;
    }

    /// <summary>The input element whose tap falls on an output element, all counted row-major; -1 where there is none.</summary>
    public static int InputOf(ReadOnlySpan<TransposedAxis> axes, ReadOnlySpan<int> sizes, int output, int tap)
    {
        int input = 0, step = 1;
        for (int d = axes.Length - 1; d >= 0; d--)
        {
            var axis = axes[d];
            (output, int place) = Math.DivRem(output, axis.Output);
            (tap, int k) = Math.DivRem(tap, axis.Kernel);
            var (at, rest) = Math.DivRem(place + axis.Before - (long)k * axis.Dilation, axis.Stride);
            if (rest != 0 || at < 0 || at >= sizes[d]) return -1;
            input += (int)at * step;
            step *= sizes[d];
        }

        return input;
    }

    // Some exporters name batch and channels too.
    private static ReadOnlySpan<long> AskedShape(Node node, int axes)
    {
        ReadOnlySpan<long> asked = node.Attributes.Ints("output_shape");
        if (asked.Length == axes + 2) asked = asked[2..];
        if (!asked.IsEmpty && (asked.Length != axes || asked.ContainsAnyExceptInRange(0, int.MaxValue)))
            throw OperatorRules.Bad(node, $"output_shape must be {axes} sizes");
        return asked;
    }
}
