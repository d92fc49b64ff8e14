using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>The sums in registers of two float64, which every processor with vectors has; four chains of additions hide their latency.</summary>
internal readonly unsafe struct VectorSums : ILineSums
{
    public static double Sum(float* x, int count) => Add<Itself>(x, count, default);

    public static double SquaredDistances(float* x, int count, double from) => Add<Distance>(x, count, new Distance(from));

    private interface ITerm
    {
        Vector128<double> Of(Vector128<double> x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Add<TTerm>(float* x, int count, TTerm term) where TTerm : struct, ITerm
    {
        Vector128<double> a = default, b = default, c = default, d = default;
        int i = 0;
        for (; i <= count - ILineSums.Partials; i += ILineSums.Partials)
        {
            var (x0, x2) = Vector128.Widen(Vector128.Load(x + i));
            var (x4, x6) = Vector128.Widen(Vector128.Load(x + i + 4));
            a += term.Of(x0);
            b += term.Of(x2);
            c += term.Of(x4);
            d += term.Of(x6);
        }

        double* partial = stackalloc double[ILineSums.Partials];
        a.Store(partial);
        b.Store(partial + 2);
        c.Store(partial + 4);
        d.Store(partial + 6);
        for (int rest = 0; i < count; i++, rest++)
            partial[rest] += term.Of(Vector128.CreateScalar((double)x[i])).ToScalar();
        return ScalarSums.Join(partial);
    }

    private readonly struct Itself : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector128<double> Of(Vector128<double> x) => x;
    }

    private readonly struct Distance(double from) : ITerm
    {
        private readonly Vector128<double> _from = Vector128.Create(from);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector128<double> Of(Vector128<double> x) => (x - _from) * (x - _from);
    }
}
