using System.Runtime.Intrinsics;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>One filter row of a depthwise kernel of fixed width and stride, for four pixels that follow each other × 8 channels.</summary>
internal unsafe interface IDepthwiseTapsAdvSimd
{
    /// <summary>Taps of a filter row.</summary>
    static abstract int Kernel { get; }

    /// <summary>Input pixels from one output pixel to the next.</summary>
    static abstract int Stride { get; }

    /// <summary>
    /// Adds the products of the row to the sums: a0 is pixel 0, channels 0 to 3, b0 the same pixel, channels 4 to 7, and so on. Each input, where x
    /// is the first tap and next the bytes to the next pixel, is read once; w is [tap][8].
    /// </summary>
    static abstract void Row(
        byte* x, nint next, float* w, ref Vector128<float> a0, ref Vector128<float> b0, ref Vector128<float> a1, ref Vector128<float> b1,
        ref Vector128<float> a2, ref Vector128<float> b2, ref Vector128<float> a3, ref Vector128<float> b3);
}
