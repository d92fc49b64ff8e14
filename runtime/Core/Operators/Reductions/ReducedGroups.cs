using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>
/// The elements of a value in groups: elements of one group differ only in the reduced axes. Neighbouring axes that are both reduced or both
/// kept count as one, so that the usual groups are found without a division.
/// </summary>
internal readonly ref struct ReducedGroups
{
    /// <summary>Most axes of a value.</summary>
    public const int MaxRank = 8;

    /// <summary>Length of the memory that the constructor is given.</summary>
    public const int Scratch = 2 * MaxRank;

    private readonly ReadOnlySpan<(int Size, int Stride)> _kept, _reduced; // innermost first

    /// <summary>Groups the elements of a shape.</summary>
    /// <param name="shape">Of the value.</param>
    /// <param name="isReduced">One for each axis.</param>
    /// <param name="scratch">Holds the axes; <see cref="Scratch"/> long.</param>
    public ReducedGroups(Shape shape, ReadOnlySpan<bool> isReduced, Span<(int Size, int Stride)> scratch)
    {
        Span<(int Size, int Stride)> keptAxes = scratch[..MaxRank], reducedAxes = scratch[MaxRank..];
        int kept = 0, reduced = 0, stride = 1, before = -1;
        for (int d = shape.Rank - 1; d >= 0; stride *= shape[d--])
        {
            if (shape[d] == 1) continue;
            var axes = isReduced[d] ? reducedAxes : keptAxes;
            ref int count = ref isReduced[d] ? ref reduced : ref kept;
            if (before >= 0 && isReduced[before] == isReduced[d]) axes[count - 1].Size *= shape[d];
            else axes[count++] = (shape[d], stride);
            before = d;
        }

        _kept = keptAxes[..kept];
        _reduced = reducedAxes[..reduced];
        (Count, Size) = (Product(_kept), Product(_reduced));
    }

    /// <summary>Number of groups.</summary>
    public int Count { get; }

    /// <summary>Elements of a group.</summary>
    public int Size { get; }

    /// <summary>Index of a group's first element in the value.</summary>
    public int First(int group) => Offset(_kept, group);

    /// <summary>From a group's first element to another one of it.</summary>
    public int Within(int element) => Offset(_reduced, element);

    private static int Offset(ReadOnlySpan<(int Size, int Stride)> axes, int index)
    {
        if (axes.Length == 0) return 0;
        int offset = 0;
        for (int i = 0; i < axes.Length - 1; i++)
        {
            offset += index % axes[i].Size * axes[i].Stride;
            index /= axes[i].Size;
        }

        return offset + index * axes[^1].Stride;
    }

    private static int Product(ReadOnlySpan<(int Size, int Stride)> axes)
    {
        int product = 1;
        foreach (var (size, _) in axes) product *= size;
        return product;
    }
}
