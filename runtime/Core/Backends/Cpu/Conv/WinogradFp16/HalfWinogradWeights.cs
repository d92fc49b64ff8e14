using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradFp16;

/// <summary>
/// Transformed weights, [panel][product][channel][16] halves: G g Gᵀ of the weights as halves, computed in float32 and rounded once. G is for the
/// points of <c>HalfWinogradLines</c>: rows (1, 0, 0), (-2/3)(1, ±√½, 1/2), (1/6)(1, ±√2, 2), (0, 0, 1); for two outputs (1, 0, 0), (1/2)(1, ±1, 1),
/// (0, 0, 1).
/// </summary>
/// <remarks>Numbers are rounded by long runs: the weights of a panel before, and a product of some channels after.</remarks>
internal static unsafe class HalfWinogradWeights
{
    private const int Taps = WinogradTransform.Taps, Lanes = HalfConvArgs.Lanes, Step = 4;

    /// <summary>Input channels that are transformed before they are rounded.</summary>
    private const int Chunk = 8;

    /// <param name="weights">[outputChannels][channels][3][3].</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="panels">Of 16 output channels.</param>
    /// <param name="outputs">2 or 4.</param>
    public static NativeBlock<Half> Pack(ReadOnlySpan<float> weights, int channels, ConvPanel[] panels, int outputs)
    {
        int products = (outputs + 2) * (outputs + 2);
        nint filter = (nint)channels * Taps;
        var packed = new NativeBlock<Half>((long)panels.Length * products * channels * Lanes);
        using var halves = new NativeBlock<Half>(Lanes * filter);
        using var rounded = new NativeBlock<float>(Lanes * filter);
        using var transformed = new NativeBlock<float>(products * Chunk * Lanes);
        float* taps = stackalloc float[Taps * Step];
        fixed (float* source = weights)
        {
            foreach (var panel in panels)
            {
                EmittedHalves.Narrow(source + panel.First * filter, halves.Data, panel.Count * filter);
                EmittedHalves.Widen(halves.Data, rounded.Data, panel.Count * filter);
                Half* to = packed.Data + (long)panel.Lane * products * channels;
                for (int first = 0; first < channels; first += Chunk, to += Chunk * Lanes)
                {
                    int count = Math.Min(Chunk, channels - first), pitch = count * Lanes;
                    for (int i = 0; i < pitch; i += Step)
                    {
                        int lane = i % Lanes;
                        WinogradWeights.Gather(rounded.Data + lane * filter + (first + i / Lanes) * Taps, filter, panel.Count - lane, taps);
                        Transform(taps, transformed.Data + i, pitch, outputs);
                    }

                    for (int p = 0; p < products; p++)
                        EmittedHalves.Narrow(transformed.Data + p * pitch, to + (long)p * channels * Lanes, pitch);
                }
            }
        }

        return packed;
    }

    /// <summary>G g Gᵀ for four pairs of channels.</summary>
    /// <param name="taps">[9][4].</param>
    /// <param name="to">Receives [product][4].</param>
    /// <param name="pitch">Elements from one product to the next.</param>
    /// <param name="outputs">2 or 4.</param>
    private static void Transform(float* taps, float* to, nint pitch, int outputs)
    {
        Vector128<float> t0 = Vector128.Load(taps), t1 = Vector128.Load(taps + Step), t2 = Vector128.Load(taps + 2 * Step);
        Vector128<float> t3 = Vector128.Load(taps + 3 * Step), t4 = Vector128.Load(taps + 4 * Step), t5 = Vector128.Load(taps + 5 * Step);
        Vector128<float> t6 = Vector128.Load(taps + 6 * Step), t7 = Vector128.Load(taps + 7 * Step), t8 = Vector128.Load(taps + 8 * Step);
        if (outputs == 2)
        {
            var (d0, d1, d2, d3) = Two(t0, t3, t6);
            var (e0, e1, e2, e3) = Two(t1, t4, t7);
            var (f0, f1, f2, f3) = Two(t2, t5, t8);
            TwoOfRow(d0, e0, f0, to, pitch);
            TwoOfRow(d1, e1, f1, to + 4 * pitch, pitch);
            TwoOfRow(d2, e2, f2, to + 8 * pitch, pitch);
            TwoOfRow(d3, e3, f3, to + 12 * pitch, pitch);
            return;
        }

        var (a0, a1, a2, a3, a4, a5) = Four(t0, t3, t6);
        var (b0, b1, b2, b3, b4, b5) = Four(t1, t4, t7);
        var (c0, c1, c2, c3, c4, c5) = Four(t2, t5, t8);
        FourOfRow(a0, b0, c0, to, pitch);
        FourOfRow(a1, b1, c1, to + 6 * pitch, pitch);
        FourOfRow(a2, b2, c2, to + 12 * pitch, pitch);
        FourOfRow(a3, b3, c3, to + 18 * pitch, pitch);
        FourOfRow(a4, b4, c4, to + 24 * pitch, pitch);
        FourOfRow(a5, b5, c5, to + 30 * pitch, pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> U0, Vector128<float> U1, Vector128<float> U2, Vector128<float> U3) Two(
        Vector128<float> g0, Vector128<float> g1, Vector128<float> g2)
    {
        Vector128<float> even = (g0 + g2) * 0.5f, odd = g1 * 0.5f;
        return (g0, even + odd, even - odd, g2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoOfRow(Vector128<float> g0, Vector128<float> g1, Vector128<float> g2, float* to, nint pitch)
    {
        var (u0, u1, u2, u3) = Two(g0, g1, g2);
        u0.Store(to);
        u1.Store(to + pitch);
        u2.Store(to + 2 * pitch);
        u3.Store(to + 3 * pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> U0, Vector128<float> U1, Vector128<float> U2, Vector128<float> U3, Vector128<float> U4, Vector128<float> U5)
        Four(Vector128<float> g0, Vector128<float> g1, Vector128<float> g2)
    {
        const float RootHalf = 0.70710678f, Root2 = 1.41421356f;
        Vector128<float> near = Vector128.FusedMultiplyAdd(g2, Vector128.Create(0.5f), g0) * (-2 / 3f), nearOdd = g1 * (-2 / 3f * RootHalf);
        Vector128<float> far = Vector128.FusedMultiplyAdd(g2, Vector128.Create(2f), g0) * (1 / 6f), farOdd = g1 * (Root2 / 6);
        return (g0, near + nearOdd, near - nearOdd, far + farOdd, far - farOdd, g2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourOfRow(Vector128<float> g0, Vector128<float> g1, Vector128<float> g2, float* to, nint pitch)
    {
        var (u0, u1, u2, u3, u4, u5) = Four(g0, g1, g2);
        u0.Store(to);
        u1.Store(to + pitch);
        u2.Store(to + 2 * pitch);
        u3.Store(to + 3 * pitch);
        u4.Store(to + 4 * pitch);
        u5.Store(to + 5 * pitch);
    }
}
