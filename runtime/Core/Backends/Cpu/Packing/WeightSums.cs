using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>Sums of quantised weights, needed for every output channel while a model is loaded.</summary>
internal static class WeightSums
{
    /// <summary>Σw.</summary>
    public static int Of(ReadOnlySpan<sbyte> weights)
    {
        int done = 0;
        long sum = 0;
        if (Avx2.IsSupported)
        {
            // vpsadbw adds bytes: those of w + 128, with 128 taken off again.
            var offset = Vector256.Create((byte)0x80);
            Vector256<ulong> sums = default;
            foreach (var vector in MemoryMarshal.Cast<sbyte, Vector256<sbyte>>(weights))
            {
                sums += Avx2.SumAbsoluteDifferences(vector.AsByte() ^ offset, Vector256<byte>.Zero).AsUInt64();
                done += Vector256<sbyte>.Count;
            }

            sum = (long)Vector256.Sum(sums) - 128L * done;
        }

        else if (AdvSimd.Arm64.IsSupported)
        {
            // Pairs of bytes to 16 bits, pairs of these to 32; a lane takes 512 in size from a vector.
            Vector128<int> sums = default;
            foreach (var vector in MemoryMarshal.Cast<sbyte, Vector128<sbyte>>(weights))
                sums = AdvSimd.AddPairwiseWideningAndAdd(sums, AdvSimd.AddPairwiseWidening(vector));
            done = weights.Length / Vector128<sbyte>.Count * Vector128<sbyte>.Count;
            var pairs = AdvSimd.AddPairwiseWidening(sums);
            sum = pairs[0] + pairs[1];
        }

        foreach (sbyte weight in weights[done..])
            sum += weight;

        return checked((int)sum);
    }
}
