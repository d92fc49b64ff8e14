using ResNetEdge.Operators.Windows;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// A ConvTranspose along one axis as ordinary convolutions. Output <c>stride · q + phase</c> sums the inputs <c>q + shift</c> whose tap k falls on it:
/// <c>shift · stride + k · dilation = phase + before</c>. So each phase is a convolution of stride 1 with every stride-th tap, last tap first.
/// </summary>
/// <param name="Axis">The transposed window.</param>
/// <param name="Input">Elements along the axis.</param>
internal readonly record struct SubPixelAxis(TransposedAxis Axis, int Input)
{
    private const int MostTaps = 64;

    /// <summary>Outputs of a phase; the last may lie beyond the output.</summary>
    public int Places => (Axis.Output + Axis.Stride - 1) / Axis.Stride;

    /// <summary>Every phase.</summary>
    public int[] Phases => [.. Enumerable.Range(0, Axis.Stride)];

    /// <summary>The kernel's tap that joins an output of a phase with the input at a shift; -1 where there is none.</summary>
    public int Tap(int phase, int shift)
    {
        var (tap, rest) = Math.DivRem(phase + Axis.Before - (long)shift * Axis.Stride, Axis.Dilation);
        return rest == 0 && tap >= 0 && tap < Axis.Kernel ? (int)tap : -1;
    }

    /// <summary>A window that holds the taps of all these phases; null for what does not become a convolution of any use.</summary>
    public SubPixelWindow? Window(params ReadOnlySpan<int> phases)
    {
        var shifts = new List<long>();
        foreach (int phase in phases)
        {
            for (int tap = 0; tap < Axis.Kernel; tap++)
            {
                var (shift, rest) = Math.DivRem(phase + Axis.Before - (long)tap * Axis.Dilation, Axis.Stride);
                if (rest == 0) shifts.Add(shift);
            }
        }

        shifts.Sort();
        bool isSingle = phases.Length == 1 && shifts.Count > 0;
        long dilation = isSingle && shifts.Count > 1 ? shifts[1] - shifts[0] : 1;
        // Taps without a weight lead to the first and the last input, where no padding may be less than none.
        long first = shifts.Count == 0 ? 0 : shifts[0], last = shifts.Count == 0 ? 0 : shifts[^1];
        if (!isSingle) (first, last) = (Math.Min(first, 0), Math.Max(last, Input - Places));
        long taps = (last - first) / dilation + 1;
        return first > 0 || last < Input - Places || taps > MostTaps || -first > ushort.MaxValue || last > ushort.MaxValue ? null
            : new SubPixelWindow((int)first, (int)taps, (int)dilation);
    }
}
