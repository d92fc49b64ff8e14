namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// A histogram over all of float in fixed memory: 8192 bins of equal width around 0, 64 KiB. When an element falls outside, the width doubles
/// and neighbouring bins join. Widths are powers of two and bins start at multiples of the width, so joining is exact: the counts are
/// the same as if the final width had been known from the start.
/// </summary>
internal sealed class StreamingHistogram
{
    private const int Half = 4096;

    private readonly long[] _counts = new long[2 * Half]; // bin i covers [(i − Half)·width, (i − Half + 1)·width)
    private double _width;

    /// <summary>Number of elements seen.</summary>
    public long Count { get; private set; }

    /// <summary>
    /// Bins that hold something, ascending: a value that stands for the bin (its middle, or exactly 0 for the bin that starts there) and its count.
    /// </summary>
    /// <remarks>The bin at 0 is nearly all zeros behind a ReLU, where its middle would be an error that is not there.</remarks>
    public IEnumerable<(double Value, long Count)> Bins()
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] != 0) yield return (i == Half ? 0 : (i - Half + 0.5) * _width, _counts[i]);
        }
    }

    /// <summary>Counts finite elements, all within ±<paramref name="magnitude"/>.</summary>
    public void Add(ReadOnlySpan<float> values, float magnitude)
    {
        Widen(magnitude);
        double perUnit = 1 / _width;
        foreach (float value in values) _counts[(int)Math.Floor(value * perUnit) + Half]++;
        Count += values.Length;
    }

    /// <summary>The smallest bin edge at or below which at least this share (0 to 1) of the elements lies.</summary>
    public double Quantile(double share)
    {
        double wanted = share * Count;
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted && seen > 0) return (i - Half + 1) * _width;
        }

        return Half * _width;
    }

    private void Widen(float magnitude)
    {
        if (_width == 0)
        {
            _width = Math.ScaleB(1, magnitude == 0 ? -64 : Math.ILogB(magnitude) + 1 - 12); // 2^12 = Half bins up to the next power of two
        }

        while (magnitude >= Half * _width) Double();
    }

    private void Double()
    {
        for (int k = 0; k < Half / 2; k++) // outward from 0, so that a bin is read before it is overwritten
        {
            _counts[Half + k] = _counts[Half + 2 * k] + _counts[Half + 2 * k + 1];
            _counts[Half - 1 - k] = _counts[Half - 1 - 2 * k] + _counts[Half - 2 - 2 * k];
        }

        Array.Clear(_counts, Half + Half / 2, Half / 2);
        Array.Clear(_counts, 0, Half / 2);
        _width *= 2;
    }
}
