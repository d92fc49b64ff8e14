using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>The sums in AVX registers of four float64; two chains of additions.</summary>
internal readonly unsafe struct WideSums : ILineSums
{
    public static double Sum(float* x, int count)
    {
        Vector256<double> a = default, b = default;
        int i = 0;
        for (; i <= count - ILineSums.Partials; i += ILineSums.Partials)
        {
            a += Widen(x + i);
            b += Widen(x + i + 4);
        }

        if (i == count) return Join(a, b);
        double* partial = stackalloc double[ILineSums.Partials];
        a.Store(partial);
        b.Store(partial + 4);
        for (int rest = 0; i < count; i++, rest++)
            partial[rest] += x[i];
        return ScalarSums.Join(partial);
    }

    // In the order of ScalarSums.Join.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Join(Vector256<double> a, Vector256<double> b)
    {
        Vector256<double> sums = a + b;
        Vector128<double> halves = sums.GetLower() + sums.GetUpper();
        return halves.ToScalar() + halves.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Widen(float* x) => Avx.ConvertToVector256Double(Vector128.Load(x));
}
