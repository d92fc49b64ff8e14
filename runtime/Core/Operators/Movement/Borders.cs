using ResNetEdge.Model;

namespace ResNetEdge.Operators.Movement;

/// <summary>Borders of a <see cref="Pad"/> that repeat elements of the input: its edge, its mirror image, or the input from its other end.</summary>
internal static class Borders
{
    /// <summary>Fills the whole output, row by row.</summary>
    /// <param name="x">What is inside.</param>
    /// <param name="y">The whole output.</param>
    /// <param name="pads">Elements before each dimension; not negative.</param>
    /// <param name="mode"><c>edge</c>, <c>reflect</c> or <c>wrap</c>.</param>
    public static void Fill(TensorView x, TensorView y, ReadOnlySpan<long> pads, string mode)
    {
        int rank = x.Shape.Rank, size = x.Type.Size();
        if (rank == 0) x.Bytes.CopyTo(y.Bytes);
        if (rank == 0 || y.Shape.ElementCount == 0) return;
        int length = y.Shape[^1], from = x.Shape[^1], before = (int)pads[rank - 1];
        ReadOnlySpan<byte> source = x.Bytes;
        var target = y.Bytes;
        for (int row = 0; row * length < y.Shape.ElementCount; row++)
        {
            var line = target.Slice(row * length * size, length * size);
            var read = source.Slice(SourceRow(mode, row, x.Shape, y.Shape, pads) * from * size, from * size);
            read.CopyTo(line[(before * size)..]);
            for (int i = 0; i < before; i++) Copy(read, Inside(mode, i - before, from), line, i, size);
            for (int i = before + from; i < length; i++) Copy(read, Inside(mode, i - before, from), line, i, size);
        }
    }

    private static void Copy(ReadOnlySpan<byte> from, long index, Span<byte> to, int at, int size) =>
        from.Slice((int)index * size, size).CopyTo(to[(at * size)..]);

    private static int SourceRow(string mode, int row, Shape x, Shape y, ReadOnlySpan<long> pads)
    {
        int from = 0, stride = 1;
        for (int d = x.Rank - 2; d >= 0; d--)
        {
            from += (int)Inside(mode, row % y[d] - pads[d], x[d]) * stride;
            row /= y[d];
            stride *= x[d];
        }

        return from;
    }

    // The edge itself is not repeated in its mirror image.
    private static long Inside(string mode, long at, int size) => mode switch
    {
        "edge" => Math.Clamp(at, 0, size - 1),
        "wrap" => (at % size + size) % size,
        _ => at < 0 ? -at : at >= size ? 2L * (size - 1) - at : at,
    };
}
