using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Rows;

/// <summary>Which of the kernels that go along rows a convolution takes.</summary>
internal static class RowConvChoice
{
    /// <summary>More input channels a group are the other kernels' business.</summary>
    private const int MostGroupChannels = 32;

    /// <summary>
    /// Index of the kernel that computes least in vain, or null when there is none. A residual may be the output's own memory, which tiles that
    /// overlap would read when it is written.
    /// </summary>
    public static int? Of(ConvFp32Problem problem)
    {
        var s = problem.Shape;
        if (problem.Residual is not null || s.DilationWidth != 1 || s.InputDepth != 1 || s.KernelDepth != 1 || Kind(s) is not { } kind) return null;
        int? best = null;
        int least = int.MaxValue;
        for (int i = 0; i < RowConvShape.All.Count; i++)
        {
            var shape = RowConvShape.All[i];
            bool fits = shape.Kind == kind && shape.KernelWidth == s.KernelWidth && shape.Stride == s.StrideWidth && shape.Pixels <= s.OutputWidth;
            int work = RowConvTiles.CountOf(s, shape) * shape.Pixels;
            if (fits && work < least && RowConvTiles.ReadsInside(s, shape)) (best, least) = (i, work);
        }

        return best;
    }

    /// <summary>How the inputs of 16 output channels lie, or null where no kernel knows it.</summary>
    private static RowConvKind? Kind(ConvShape s)
    {
        int inputs = s.GroupInputChannels, outputs = s.GroupOutputChannels;
        if (s.Groups == 1 || inputs > MostGroupChannels) return null;
        if (inputs == 1 && outputs == 1) return RowConvKind.Depthwise;
        if (inputs % RowConvShape.GroupBlock != 0) return null;
        return outputs % PackRows.Width == 0 ? RowConvKind.Broadcast
            : inputs == outputs && PackRows.Width % inputs == 0 ? RowConvKind.Permuted : null;
    }
}
