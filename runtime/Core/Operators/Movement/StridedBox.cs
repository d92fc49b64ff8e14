using System.Runtime.CompilerServices;

namespace ResNetEdge.Operators.Movement;

/// <summary>
/// A box of elements that is copied from one place to another, each with strides of its own: what Slice, Transpose, Expand, Tile, Pad and their kind
/// have in common. A stride of 0 repeats, a negative one goes backwards. Axes are given from the outermost to the innermost.
/// </summary>
/// <param name="elementSize">Bytes of an element: 1, 2, 4 or 8.</param>
internal unsafe ref struct StridedBox(int elementSize)
{
    /// <summary>Most axes of a box.</summary>
    public const int MaxAxes = 2 * ShapedByValues.MaxRank;

    private const int Block = 16; // elements each way of a block that is transposed at once: two cache lines of floats

    private Axes _axes;
    private int _count;
    private bool _isEmpty;

    /// <summary>Adds an axis inside the others. One that goes on where its outer neighbour ends becomes one with it.</summary>
    /// <param name="length">Elements along it.</param>
    /// <param name="from">Elements from one to the next in the source.</param>
    /// <param name="to">The same in the target.</param>
    public void Add(long length, long from, long to)
    {
        if (length == 0) _isEmpty = true;
        if (length <= 1) return;
        if (_count > 0 && _axes[_count - 1] is var outer && outer.From == length * from && outer.To == length * to)
            _axes[_count - 1] = new(outer.Length * length, from, to);
        else _axes[_count++] = new(length, from, to);
    }

    /// <summary>Copies the box.</summary>
    /// <param name="source">All bytes of the source.</param>
    /// <param name="from">Number of its first element that is copied.</param>
    /// <param name="target">All bytes of the target; another memory.</param>
    /// <param name="to">Number of its first element that is written.</param>
    /// <exception cref="InvalidOperationException">The box reaches out of the source or the target.</exception>
    public readonly void Copy(ReadOnlySpan<byte> source, long from, Span<byte> target, long to)
    {
        if (_isEmpty) return;
        CheckBounds(source.Length / elementSize, from, target.Length / elementSize, to);
        fixed (byte* s = source, t = target) CopyFrom(0, s + from * elementSize, t + to * elementSize);
    }

    private readonly void CopyFrom(int axis, byte* from, byte* to)
    {
        if (axis >= _count - 1)
        {
            if (_count == 0) CopyLine(new(1, 1, 1), from, to);
            else CopyLine(_axes[_count - 1], from, to);
            return;
        }

        var (length, source, target) = _axes[axis];
        if (axis == _count - 2 && source == 1 && _axes[axis + 1].To == 1)
        {
            CopyTransposed(_axes[axis], _axes[axis + 1], from, to);
            return;
        }

        // The axis along which the source is contiguous is walked together with the innermost: both would jump through memory on their own.
        if (source == 1 && _axes[_count - 1].To == 1)
        {
            CopyPlanes(axis, axis + 1, from, to);
            return;
        }

        for (long i = 0; i < length; i++) CopyFrom(axis + 1, from + i * source * elementSize, to + i * target * elementSize);
    }

    private readonly void CopyPlanes(int contiguous, int axis, byte* from, byte* to)
    {
        if (axis == _count - 1)
        {
            CopyTransposed(_axes[contiguous], _axes[axis], from, to);
            return;
        }

        var (length, source, target) = _axes[axis];
        for (long i = 0; i < length; i++) CopyPlanes(contiguous, axis + 1, from + i * source * elementSize, to + i * target * elementSize);
    }

    // Rows are contiguous in the source, columns in the target.
    private readonly void CopyTransposed(Axis rows, Axis columns, byte* from, byte* to)
    {
        for (long i = 0; i < rows.Length; i += Block)
        {
            long last = Math.Min(i + Block, rows.Length);
            for (long j = 0; j < columns.Length; j += Block)
            {
                var line = new Axis(Math.Min(Block, columns.Length - j), columns.From, 1);
                for (long row = i; row < last; row++)
                    CopyLine(line, from + (row + j * columns.From) * elementSize, to + (row * rows.To + j) * elementSize);
            }
        }
    }

    private readonly void CopyLine(Axis axis, byte* from, byte* to)
    {
        if (axis is { From: 1, To: 1 }) Buffer.MemoryCopy(from, to, axis.Length * elementSize, axis.Length * elementSize);
        else if (elementSize == 4) CopyElements((uint*)from, (uint*)to, axis);
        else if (elementSize == 1) CopyElements(from, to, axis);
        else if (elementSize == 8) CopyElements((ulong*)from, (ulong*)to, axis);
        else CopyElements((ushort*)from, (ushort*)to, axis);
    }

    private static void CopyElements<T>(T* from, T* to, Axis axis) where T : unmanaged
    {
        if (axis is { From: 0, To: 1 }) new Span<T>(to, (int)axis.Length).Fill(*from);
        else
            for (long i = 0; i < axis.Length; i++, from += axis.From, to += axis.To) *to = *from;
    }

    private readonly void CheckBounds(long source, long from, long target, long to)
    {
        long firstFrom = from, lastFrom = from, firstTo = to, lastTo = to;
        for (int i = 0; i < _count; i++)
        {
            var (length, sourceStride, targetStride) = _axes[i];
            if (sourceStride < 0) firstFrom += (length - 1) * sourceStride;
            else lastFrom += (length - 1) * sourceStride;
            if (targetStride < 0) firstTo += (length - 1) * targetStride;
            else lastTo += (length - 1) * targetStride;
        }

        if (firstFrom < 0 || lastFrom >= source || firstTo < 0 || lastTo >= target)
            throw new InvalidOperationException($"a box of elements {firstFrom} to {lastFrom} of {source} into {firstTo} to {lastTo} of {target}");
    }

    private readonly record struct Axis(long Length, long From, long To);

    [InlineArray(MaxAxes)]
    private struct Axes
    {
        private Axis _first;
    }
}
