using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans;

/// <summary>
/// How the elements of a value lie in a buffer: for each axis of the value, outermost first, how many there are and how many elements of memory lie
/// between two of them. A Transpose permutes the axes, a Reshape cuts or joins them; neither moves an element.
/// </summary>
/// <param name="Sizes">The value's shape.</param>
/// <param name="Steps">Elements from one index of the axis to the next; means nothing where the size is 1.</param>
internal sealed record ElementStrides(int[] Sizes, long[] Steps)
{
    /// <summary>Elements from the first of the value that these are of a part of; 0 where it is no part.</summary>
    public long First { get; init; }

    /// <summary>Row-major without gaps.</summary>
    public static ElementStrides RowMajor(Shape shape)
    {
        long[] steps = new long[shape.Rank];
        long step = 1;
        for (int d = shape.Rank - 1; d >= 0; step *= shape[d], d--) steps[d] = step;
        return new(shape.Dimensions.ToArray(), steps);
    }

    /// <summary>A value in one of its forms.</summary>
    /// <param name="shape">Of rank 4 or 5 where the channels are innermost.</param>
    /// <param name="buffer">Where it lies.</param>
    /// <param name="layout">Row-major, or N C H W, or N C D H W with the rows of all depths, in a buffer of NHWC.</param>
    public static ElementStrides Of(Shape shape, PlanBuffer buffer, Layout layout)
    {
        if (layout == Layout.Plain) return RowMajor(shape);
        int size = buffer.Type.Size();
        var inside = buffer.Inside;
        long row = inside.RowStride / size;
        long[] depth = shape.Rank == 5 ? [shape[3] * row] : [];
        return new(shape.Dimensions.ToArray(), [inside.ImageStride / size, 1, .. depth, row, inside.PixelStride / size]);
    }

    /// <summary>Axis i is axis <paramref name="permutation"/>[i] of this.</summary>
    public ElementStrides Transposed(long[] permutation) =>
        new([.. permutation.Select(axis => Sizes[axis])], [.. permutation.Select(axis => Steps[axis])]);

    /// <summary>Of an axis so many indices, from the first on, a step apart.</summary>
    public ElementStrides Sliced(int axis, int first, int step, int count)
    {
        var (sizes, steps) = ((int[])Sizes.Clone(), (long[])Steps.Clone());
        (sizes[axis], steps[axis]) = (count, Steps[axis] * step);
        return new(sizes, steps) { First = First + first * Steps[axis] };
    }

    /// <summary>Without an axis of 1.</summary>
    public ElementStrides Without(int axis) =>
        new([.. Sizes[..axis], .. Sizes[(axis + 1)..]], [.. Steps[..axis], .. Steps[(axis + 1)..]]) { First = First };

    /// <summary>The same elements in the same row-major order under another shape; null where they would have to be moved.</summary>
    public ElementStrides? Reshaped(Shape shape)
    {
        if (shape.ElementCount == 0) return RowMajor(shape);
        (int[] sizes, long[] steps) = WithoutOnes();
        long[] made = new long[shape.Rank];
        // Groups of axes with equal products, from the outermost in; what is joined has to go on where its outer neighbour's step ends.
        for (int from = 0, to = 0; from < sizes.Length && to < made.Length; from++, to++)
        {
            int first = to;
            for (long here = sizes[from], there = shape[to]; here != there;)
            {
                if (there < here)
                {
                    there *= shape[++to];
                    continue;
                }

                if (steps[from] != sizes[from + 1] * steps[from + 1]) return null;
                here *= sizes[++from];
            }

            made[to] = steps[from];
            for (int axis = to; axis > first; axis--) made[axis - 1] = made[axis] * shape[axis];
        }

        return new(shape.Dimensions.ToArray(), made);
    }

    /// <summary>Whether the elements of an axis, counted from the end, lie side by side.</summary>
    public bool IsDense(int fromEnd) => Sizes[^fromEnd] == 1 || Steps[^fromEnd] == 1;

    /// <summary>Bytes from one index of an axis, counted from the end, to the next; those of one element where there is no other index.</summary>
    public long Bytes(int fromEnd, int elementSize) => (Sizes[^fromEnd] == 1 ? 1 : Steps[^fromEnd]) * elementSize;

    /// <summary>
    /// Elements to each matrix of a stack, of which this may have fewer axes than the stack or axes of 1 that are spread.
    /// </summary>
    /// <param name="stack">The stack's leading axes, outermost first.</param>
    public long[] Matrices(ReadOnlySpan<int> stack)
    {
        long[] places = [0];
        for (int d = 0; d < stack.Length; d++)
        {
            int axis = Sizes.Length - 2 - stack.Length + d;
            long step = axis >= 0 && Sizes[axis] != 1 ? Steps[axis] : 0;
            int count = stack[d];
            places = [.. places.SelectMany(place => Enumerable.Range(0, count).Select(i => place + i * step))];
        }

        return places;
    }

    /// <summary>Whether they are row-major without gaps.</summary>
    public bool IsRowMajor
    {
        get
        {
            long step = 1;
            for (int d = Sizes.Length - 1; d >= 0; step *= Sizes[d], d--)
                if (Sizes[d] != 1 && Steps[d] != step) return false;
            return true;
        }
    }

    /// <summary>
    /// The place of N C H W or N C D H W elements whose channels lie innermost, pixels, rows and pictures apart without overlap, depths one after the
    /// other; null where it is not so.
    /// </summary>
    /// <param name="offset">Bytes to the first element.</param>
    /// <param name="elementSize">Bytes of an element.</param>
    public Placement? AsNhwc(long offset, int elementSize)
    {
        if (WithDepthInRows() is not ([int images, int channels, int height, int width], { } steps) || (channels != 1 && steps[1] != 1)) return null;
        long pixel = width == 1 ? channels : steps[3], row = height == 1 ? width * pixel : steps[2], image = images == 1 ? height * row : steps[0];
        bool isApart = pixel >= channels && row >= width * pixel && image >= height * row;
        return isApart && row * elementSize <= int.MaxValue
            ? new Placement(offset, (int)(pixel * elementSize), (int)(row * elementSize), image * elementSize) : null;
    }

    // Of rank 4 as they are; of rank 5 where the rows of the next depth follow those of the last.
    private (int[] Sizes, long[] Steps)? WithDepthInRows()
    {
        if (Sizes is not [int images, int channels, int depth, int height, int width]) return (Sizes, Steps);
        long row = height == 1 ? Steps[2] : Steps[3];
        if (depth != 1 && height != 1 && Steps[2] != height * row) return null;
        return ([images, channels, depth * height, width], [Steps[0], Steps[1], row, Steps[4]]);
    }

    private (int[] Sizes, long[] Steps) WithoutOnes()
    {
        int[] axes = [.. Enumerable.Range(0, Sizes.Length).Where(axis => Sizes[axis] != 1)];
        return ([.. axes.Select(axis => Sizes[axis])], [.. axes.Select(axis => Steps[axis])]);
    }
}
