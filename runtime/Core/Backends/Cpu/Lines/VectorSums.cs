using System.Runtime.Intrinsics;

namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>The sums in registers of two float64, which every processor with vectors has; four chains of additions hide their latency.</summary>
internal readonly unsafe struct VectorSums : ILineSums
{
    public static double Sum(float* x, int count)
    {
        Vector128<double> a = default, b = default, c = default, d = default;
        int i = 0;
        for (; i <= count - ILineSums.Partials; i += ILineSums.Partials)
        {
            var (x0, x2) = Vector128.Widen(Vector128.Load(x + i));
            var (x4, x6) = Vector128.Widen(Vector128.Load(x + i + 4));
            a += x0;
            b += x2;
            c += x4;
            d += x6;
        }

        double* partial = stackalloc double[ILineSums.Partials];
        a.Store(partial);
        b.Store(partial + 2);
        c.Store(partial + 4);
        d.Store(partial + 6);
        for (int rest = 0; i < count; i++, rest++)
            partial[rest] += x[i];
        return ScalarSums.Join(partial);
    }
}
