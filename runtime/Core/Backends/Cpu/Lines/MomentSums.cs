using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>
/// Sums of a line in float32: of distances from one of its elements, and of squared distances from the mean, so that a large mean costs no digits.
/// Sixteen partial sums are added up for a stretch of the line, stretches in float64. All lanes give the same bits; one lane is the definition.
/// </summary>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
internal static unsafe class MomentSums<TLanes> where TLanes : struct, IFloatLanes<TLanes>
{
    /// <summary>Floats of the memory that a caller lends.</summary>
    public const int Partials = 16;

    private const int Stretch = 64 * Partials;

    /// <summary>A term of a sum that is added to it.</summary>
    private interface ITerm
    {
        T AddTo<T>(T sum, T x) where T : struct, IFloatLanes<T>;
    }

    /// <summary>The sum of x - from.</summary>
    public static double Distances(float* x, int count, float from, float* partial) => Sum(x, count, partial, new Distance(from));

    /// <summary>The sum of (x - mean)², the mean in two parts.</summary>
    public static double Squares(float* x, int count, float mean, float rest, float* partial) => Sum(x, count, partial, new Square(mean, rest));

    private static double Sum<TTerm>(float* x, int count, float* partial, TTerm term) where TTerm : struct, ITerm
    {
        double sum = 0;
        for (; count > Stretch; count -= Stretch, x += Stretch)
            sum += SumStretch(x, Stretch, partial, term);
        return sum + SumStretch(x, count, partial, term);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SumStretch<TTerm>(float* x, int count, float* partial, TTerm term) where TTerm : struct, ITerm
    {
        int i = TLanes.Count == 8 ? Add8(x, count, partial, term) : TLanes.Count == 4 ? Add4(x, count, partial, term) : Add1(x, count, partial, term);
        for (int rest = i % Partials; i < count; i++, rest++)
            partial[rest] = term.AddTo(Float32x1.Load(partial + rest), Float32x1.Load(x + i)).Value;
        return Join(partial);
    }

    // Halves are added to each other until one number is left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Join(float* partial)
    {
        for (int j = 0; j < Partials / 2; j += TLanes.Count)
            (TLanes.Load(partial + j) + TLanes.Load(partial + j + Partials / 2)).Store(partial + j);
        float a = partial[0] + partial[4], b = partial[1] + partial[5], c = partial[2] + partial[6], d = partial[3] + partial[7];
        return (a + c) + (b + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Add8<TTerm>(float* x, int count, float* partial, TTerm term) where TTerm : struct, ITerm
    {
        TLanes a = TLanes.Of(0), b = a;
        int i = 0;
        for (; i <= count - Partials; i += Partials)
        {
            a = term.AddTo(a, TLanes.Load(x + i));
            b = term.AddTo(b, TLanes.Load(x + i + 8));
        }

        if (i <= count - 8)
        {
            a = term.AddTo(a, TLanes.Load(x + i));
            i += 8;
        }

        a.Store(partial);
        b.Store(partial + 8);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Add4<TTerm>(float* x, int count, float* partial, TTerm term) where TTerm : struct, ITerm
    {
        TLanes a = TLanes.Of(0), b = a, c = a, d = a;
        int i = 0;
        for (; i <= count - Partials; i += Partials)
        {
            a = term.AddTo(a, TLanes.Load(x + i));
            b = term.AddTo(b, TLanes.Load(x + i + 4));
            c = term.AddTo(c, TLanes.Load(x + i + 8));
            d = term.AddTo(d, TLanes.Load(x + i + 12));
        }

        if (i <= count - 8)
        {
            a = term.AddTo(a, TLanes.Load(x + i));
            b = term.AddTo(b, TLanes.Load(x + i + 4));
            i += 8;
        }

        a.Store(partial);
        b.Store(partial + 4);
        c.Store(partial + 8);
        d.Store(partial + 12);
        return i;
    }

    private static int Add1<TTerm>(float* x, int count, float* partial, TTerm term) where TTerm : struct, ITerm
    {
        new Span<float>(partial, Partials).Clear();
        int end = count / Partials * Partials;
        for (int i = 0; i < end; i++)
            partial[i % Partials] = term.AddTo(Float32x1.Load(partial + i % Partials), Float32x1.Load(x + i)).Value;
        return end;
    }

    private readonly struct Distance(float from) : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T AddTo<T>(T sum, T x) where T : struct, IFloatLanes<T> => sum + (x - T.Of(from));
    }

    private readonly struct Square(float mean, float rest) : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T AddTo<T>(T sum, T x) where T : struct, IFloatLanes<T>
        {
            T distance = x - T.Of(mean) - T.Of(rest);
            return T.FusedMultiplyAdd(distance, distance, sum);
        }
    }
}
