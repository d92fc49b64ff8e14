namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>
/// Sums over floats that lie side by side, in float64. Every implementation adds element i to partial sum i mod 8 and joins those as
/// <see cref="ScalarSums.Join"/> does, so that all give the same bits.
/// </summary>
internal unsafe interface ILineSums
{
    /// <summary>Partial sums.</summary>
    const int Partials = 8;

    /// <summary>Σ x.</summary>
    static abstract double Sum(float* x, int count);
}
