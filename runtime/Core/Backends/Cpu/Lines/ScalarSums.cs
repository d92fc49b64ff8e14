namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>The definition of the sums, element by element.</summary>
internal readonly unsafe struct ScalarSums : ILineSums
{
    public static double Sum(float* x, int count)
    {
        double* partial = stackalloc double[ILineSums.Partials];
        new Span<double>(partial, ILineSums.Partials).Clear();
        for (int i = 0; i < count; i++)
            partial[i % ILineSums.Partials] += x[i];
        return Join(partial);
    }

    /// <summary>Σ (x - from)².</summary>
    public static double SquaredDistances(float* x, int count, double from)
    {
        double* partial = stackalloc double[ILineSums.Partials];
        new Span<double>(partial, ILineSums.Partials).Clear();
        for (int i = 0; i < count; i++)
        {
            double distance = x[i] - from;
            partial[i % ILineSums.Partials] += distance * distance;
        }

        return Join(partial);
    }

    /// <summary>The whole of the partial sums.</summary>
    public static double Join(double* partial) =>
        ((partial[0] + partial[4]) + (partial[2] + partial[6])) + ((partial[1] + partial[5]) + (partial[3] + partial[7]));
}
