using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Epilogues;

/// <summary>Four floats: the clamp and the store that the AdvSimd kernels share.</summary>
internal static unsafe class LanesFp32AdvSimd
{
    /// <summary><see cref="Requantize.Clamp"/>, bit for bit: a NaN stays as it is, and so does the sign of a zero, which fmax would change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Clamp(Vector128<float> f, Vector128<float> low, Vector128<float> high)
    {
        f = AdvSimd.BitwiseSelect(AdvSimd.CompareGreaterThan(low, f), low, f);
        return AdvSimd.BitwiseSelect(AdvSimd.CompareLessThan(high, f), high, f);
    }

    /// <summary>The same, but a NaN goes to the lower bound: <see cref="Requantize.Quantize"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ClampNumber(Vector128<float> f, Vector128<float> low, Vector128<float> high)
    {
        f = AdvSimd.BitwiseSelect(AdvSimd.CompareGreaterThan(f, low), f, low);
        return AdvSimd.BitwiseSelect(AdvSimd.CompareLessThan(f, high), f, high);
    }

    /// <summary>
    /// Writes the first <paramref name="count"/> of four; none when it is not positive. Without a call: one would keep accumulators on the stack.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> f, float* output, int count)
    {
        if (count >= Vector128<float>.Count)
        {
            f.Store(output);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            output[i] = f.ToScalar();
            f = AdvSimd.ExtractVector128(f, f, 1);
        }
    }
}
