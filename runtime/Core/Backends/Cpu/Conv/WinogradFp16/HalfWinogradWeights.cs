using System.Runtime.Intrinsics;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradFp16;

/// <summary>
/// Transformed weights, [panel][product][channel][16] halves: G g Gᵀ of the weights as halves, computed in float32 and rounded once. G is for the
/// points of <c>HalfWinogradLines</c>: rows (1, 0, 0), (-2/3)(1, ±√½, 1/2), (1/6)(1, ±√2, 2), (0, 0, 1); for two outputs (1, 0, 0), (1/2)(1, ±1, 1),
/// (0, 0, 1).
/// </summary>
internal static unsafe class HalfWinogradWeights
{
    private const int Taps = 3, Lanes = HalfConvArgs.Lanes;

    public static NativeBlock<Half> Pack(ReadOnlySpan<float> weights, int channels, ConvPanel[] panels, int outputs)
    {
        int side = outputs + 2, products = side * side;
        var packed = new NativeBlock<Half>((long)panels.Length * products * channels * Lanes);
        float[] g = new float[Taps * Taps * Lanes], u = new float[products * Lanes];
        Half[] halves = new Half[u.Length];
        fixed (float* taps = g, transformed = u)
        fixed (Half* rounded = halves)
        {
            foreach (var panel in panels)
            {
                for (int c = 0; c < channels; c++)
                {
                    Array.Clear(g);
                    for (int lane = 0; lane < panel.Count; lane++)
                        Spread(weights.Slice(((panel.First + lane) * channels + c) * Taps * Taps, Taps * Taps), taps + lane);
                    EmittedHalves.Narrow(taps, rounded, g.Length);
                    EmittedHalves.Widen(rounded, taps, g.Length);
                    Transform(g, u, outputs);
                    EmittedHalves.Narrow(transformed, rounded, u.Length);
                    Half* to = packed.Data + (long)panel.Lane * products * channels + (long)c * Lanes;
                    for (int p = 0; p < products; p++, to += (long)channels * Lanes)
                        new ReadOnlySpan<Half>(rounded + p * Lanes, Lanes).CopyTo(new Span<Half>(to, Lanes));
                }
            }
        }

        return packed;
    }

    private static void Spread(ReadOnlySpan<float> taps, float* lane)
    {
        for (int i = 0; i < taps.Length; i++)
            lane[i * Lanes] = taps[i];
    }

    /// <summary>G g Gᵀ for 16 pairs of channels.</summary>
    /// <param name="taps">[3][3][16].</param>
    /// <param name="products">Receives [outputs + 2][outputs + 2][16].</param>
    /// <param name="outputs">2 or 4.</param>
    private static void Transform(ReadOnlySpan<float> taps, Span<float> products, int outputs)
    {
        int side = outputs + 2;
        Span<float> half = stackalloc float[side * Taps * Lanes];
        for (int x = 0; x < Taps; x++)
            Lines(taps[(x * Lanes)..], Taps * Lanes, half[(x * Lanes)..], Taps * Lanes, outputs);
        for (int y = 0; y < side; y++)
            Lines(half[(y * Taps * Lanes)..], Lanes, products[(y * side * Lanes)..], Lanes, outputs);
    }

    private static void Lines(ReadOnlySpan<float> from, int fromPitch, Span<float> to, int toPitch, int outputs)
    {
        float rootHalf = MathF.Sqrt(0.5f), root2 = MathF.Sqrt(2);
        for (int i = 0; i < Lanes; i += Vector128<float>.Count)
        {
            Vector128<float> g0 = Vector128.Create(from[i..]), g1 = Vector128.Create(from[(fromPitch + i)..]);
            var g2 = Vector128.Create(from[(2 * fromPitch + i)..]);
            g0.CopyTo(to[i..]);
            g2.CopyTo(to[((outputs + 1) * toPitch + i)..]);
            if (outputs == 2)
            {
                Pair((g0 + g2) * 0.5f, g1 * 0.5f, to[(toPitch + i)..], toPitch);
                continue;
            }

            Pair((g0 + g2 * 0.5f) * (-2 / 3f), g1 * (-2 / 3f * rootHalf), to[(toPitch + i)..], toPitch);
            Pair((g0 + g2 * 2) / 6, g1 * (root2 / 6), to[(3 * toPitch + i)..], toPitch);
        }
    }

    private static void Pair(Vector128<float> even, Vector128<float> odd, Span<float> to, int pitch)
    {
        (even + odd).CopyTo(to);
        (even - odd).CopyTo(to[pitch..]);
    }
}
