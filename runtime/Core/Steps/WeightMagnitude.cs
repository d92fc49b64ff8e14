using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace ResNetEdge.Steps;

/// <summary>How large a sum of products with quantised weights can become; asked for every output channel while a model is loaded.</summary>
internal static class WeightMagnitude
{
    /// <summary>Vectors whose 16-bit sums of two bytes, each at most 128, add up in 32 bits without overflow.</summary>
    private const int MostVectors = 1 << 22;

    /// <summary>Σ|w|.</summary>
    public static long Of(ReadOnlySpan<sbyte> weights)
    {
        var vectors = MemoryMarshal.Cast<sbyte, Vector<sbyte>>(weights);
        long magnitude = 0;
        for (int first = 0; first < vectors.Length; first += MostVectors)
            magnitude += OfVectors(vectors[first..Math.Min(first + MostVectors, vectors.Length)]);
        foreach (sbyte weight in weights[(vectors.Length * Vector<sbyte>.Count)..])
            magnitude += Math.Abs((int)weight);
        return magnitude;
    }

    private static long OfVectors(ReadOnlySpan<Vector<sbyte>> vectors)
    {
        var sums = Vector<uint>.Zero;
        foreach (var vector in vectors)
        {
            if (AdvSimd.IsSupported)
            {
                // Neighbours to 16 bits, and neighbours of these to 32.
                var neighbours = AdvSimd.AddPairwiseWidening(AdvSimd.Abs(vector.AsVector128()));
                sums = AdvSimd.AddPairwiseWideningAndAdd(sums.AsVector128(), neighbours).AsVector();
                continue;
            }

            // |-128| wraps to -128, which as a byte is 128.
            Vector.Widen(Vector.AsVectorByte(Vector.Abs(vector)), out var low, out var high);
            Vector.Widen(low + high, out var even, out var odd);
            sums += even + odd;
        }

        long sum = 0;
        for (int i = 0; i < Vector<uint>.Count; i++)
            sum += sums[i];
        return sum;
    }
}
