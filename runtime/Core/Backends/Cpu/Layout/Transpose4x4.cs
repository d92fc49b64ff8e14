using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ResNetEdge.Backends.Cpu.Layout;

/// <summary>Four lines of four 32-bit elements, transposed in registers; bits stay as they are.</summary>
internal static unsafe class Transpose4x4
{
    /// <summary>Writes element i of line j as element j of line i.</summary>
    /// <param name="from">Line 0.</param>
    /// <param name="fromStride">Bytes from one line to the next.</param>
    /// <param name="to">Line 0 of the result.</param>
    /// <param name="toStride">Bytes from one line to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(byte* from, long fromStride, byte* to, long toStride)
    {
        var (a, b, c, d) = Load(from, fromStride);
        a.Store((float*)to);
        b.Store((float*)(to + toStride));
        c.Store((float*)(to + 2 * toStride));
        d.Store((float*)(to + 3 * toStride));
    }

    /// <summary>The lines of the result.</summary>
    /// <param name="from">Line 0.</param>
    /// <param name="stride">Bytes from one line to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> A, Vector128<float> B, Vector128<float> C, Vector128<float> D) Load(byte* from, long stride) => Of(
        Vector128.Load((float*)from), Vector128.Load((float*)(from + stride)), Vector128.Load((float*)(from + 2 * stride)),
        Vector128.Load((float*)(from + 3 * stride)));

    /// <summary>The lines of the result of four lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> A, Vector128<float> B, Vector128<float> C, Vector128<float> D) Of(
        Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        Vector128<float> ac = ZipLow(a, c), bd = ZipLow(b, d), ac2 = ZipHigh(a, c), bd2 = ZipHigh(b, d);
        return (ZipLow(ac, bd), ZipHigh(ac, bd), ZipLow(ac2, bd2), ZipHigh(ac2, bd2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
