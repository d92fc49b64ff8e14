namespace ResNetEdge.Operators.Sorting;

/// <summary>
/// Finds the k best elements of a line in the memory that receives their indices: a heap with the worst of those found so far on top, sorted at
/// the end.
/// </summary>
/// <param name="x">The elements.</param>
/// <param name="first">Index of the line's first one.</param>
/// <param name="step">From one element, and from one index, to the next.</param>
/// <param name="indices">Receives the indices, counted along the line.</param>
/// <param name="isLargest">Whether large elements are good.</param>
internal readonly ref struct BestHeap(TensorView x, int first, int step, Span<long> indices, bool isLargest)
{
    private readonly TensorView _x = x;
    private readonly Span<long> _indices = indices;

    /// <summary>Writes the indices of the best elements, the best first.</summary>
    /// <param name="count">Elements of the line.</param>
    /// <param name="k">How many are wanted, at most as many.</param>
    public void Fill(int count, int k)
    {
        for (int i = 0; i < k; i++) At(i) = i;
        for (int i = k / 2 - 1; i >= 0; i--) Sink(i, k);
        for (int i = k; i < count; i++)
        {
            if (!IsWorse(At(0), i)) continue;
            At(0) = i;
            Sink(0, k);
        }

        for (int end = k - 1; end > 0; end--)
        {
            (At(0), At(end)) = (At(end), At(0));
            Sink(0, end);
        }
    }

    private void Sink(int parent, int size)
    {
        for (int child; (child = 2 * parent + 1) < size; parent = child)
        {
            if (child + 1 < size && IsWorse(At(child + 1), At(child))) child++;
            if (!IsWorse(At(child), At(parent))) return;
            (At(parent), At(child)) = (At(child), At(parent));
        }
    }

    // Of equal elements the later one is worse.
    private bool IsWorse(long a, long b)
    {
        int order = ElementOrder.Compare(_x, first + (int)a * step, first + (int)b * step);
        return order == 0 ? a > b : order < 0 == isLargest;
    }

    private ref long At(int place) => ref _indices[place * step];
}
