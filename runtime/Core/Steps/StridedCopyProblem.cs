using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>Elements in another order: the same indices, with strides of their own where they are read and where they are written.</summary>
internal sealed record StridedCopyProblem : StepProblem
{
    public required ElementType Type { get; init; }

    /// <summary>As they follow each other in the output, outermost first, joined.</summary>
    public required IReadOnlyList<CopyDimension> Dimensions { get; init; }

    /// <summary>Bytes from the arena's base to the first element that is read.</summary>
    public required long Input { get; init; }

    /// <summary>The same where it is written.</summary>
    public required long Output { get; init; }

    public override void Check()
    {
        int size = Type.Size();
        if (size is not (1 or 2 or 4 or 8)) throw new ArgumentException($"elements of {size} bytes");
        if (Dimensions.Count == 0) throw new ArgumentException("no dimensions");
        if (Input < 0 || Output < 0 || Input % size != 0 || Output % size != 0) throw new ArgumentException($"elements at {Input} and {Output}");
        long extent = size;
        foreach (var d in Dimensions.Reverse())
        {
            if (d.Size < 1 || d.Input < 0 || d.Input % size != 0 || d.Output % size != 0) throw new ArgumentException($"a dimension of {d}");
            if (d.Output < extent) throw new ArgumentException("elements that are written overlap");
            extent = d.Output * d.Size;
        }
    }

    protected override StepProblem Move(StepPlaces places) =>
        this with { Input = Input + places.Reads[0], Output = Output + places.Writes[0] };
}

/// <summary>One dimension of a <see cref="StridedCopyProblem"/>.</summary>
/// <param name="Size">Elements along it.</param>
/// <param name="Input">Bytes from one element to the next where they are read; 0 repeats one.</param>
/// <param name="Output">The same where they are written.</param>
internal readonly record struct CopyDimension(int Size, long Input, long Output)
{
    /// <summary>The same copy with as few dimensions as can be, outermost first as written; at least one.</summary>
    public static CopyDimension[] Joined(IEnumerable<CopyDimension> dimensions, int elementSize)
    {
        var joined = new List<CopyDimension>();
        foreach (var inner in dimensions.Where(static d => d.Size != 1).OrderByDescending(static d => d.Output))
        {
            if (joined.Count > 0 && joined[^1] is var outer && outer.Input == inner.Input * inner.Size && outer.Output == inner.Output * inner.Size)
                joined[^1] = inner with { Size = checked(inner.Size * outer.Size) };
            else joined.Add(inner);
        }

        return joined.Count > 0 ? [.. joined] : [new(1, elementSize, elementSize)];
    }
}
