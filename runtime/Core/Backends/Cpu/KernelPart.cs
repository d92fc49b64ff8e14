namespace ResNetEdge.Backends.Cpu;

/// <summary>How work is divided between threads: contiguous ranges, the same every time.</summary>
internal static class KernelPart
{
    /// <summary>The half-open range of <paramref name="total"/> items that belongs to a part; sizes differ by one unit at most.</summary>
    /// <param name="total">Items in all.</param>
    /// <param name="part">0 .. parts-1.</param>
    /// <param name="parts">At least 1.</param>
    /// <param name="unit">Ranges begin at multiples of this.</param>
    public static (int Start, int End) Range(int total, int part, int parts, int unit = 1)
    {
        long units = ((long)total + unit - 1) / unit;
        return ((int)Math.Min(total, units * part / parts * unit), (int)Math.Min(total, units * (part + 1) / parts * unit));
    }
}
