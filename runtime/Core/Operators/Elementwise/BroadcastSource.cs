using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Where the elements of a value come from that is spread to a shape.</summary>
internal readonly struct BroadcastSource
{
    private readonly Shape _from, _to;
    private readonly int _period; // 0 where elements do not just repeat in their order

    /// <param name="from">Shape of the value.</param>
    /// <param name="to">What it is spread to.</param>
    public BroadcastSource(Shape from, Shape to)
    {
        (_from, _to) = (from, to);
        _period = Repeats(from, to) ? Math.Max(1, from.ElementCount) : 0;
    }

    /// <summary>The element of the value that comes to a place of the shape; both are counted row by row.</summary>
    public int At(int index)
    {
        if (_period > 0) return index % _period;
        int source = 0, stride = 1;
        for (int d = 1; d <= _from.Rank; d++)
        {
            int size = _to[_to.Rank - d], own = _from[_from.Rank - d];
            if (own != 1) source += index % size * stride;
            index /= size;
            stride *= own;
        }

        return source;
    }

    // From some dimension on they are equal, and all before it is spread.
    private static bool Repeats(Shape from, Shape to)
    {
        int d = 1;
        while (d <= from.Rank && from[from.Rank - d] == to[to.Rank - d]) d++;
        while (d <= from.Rank && from[from.Rank - d] == 1) d++;
        return d > from.Rank;
    }
}
