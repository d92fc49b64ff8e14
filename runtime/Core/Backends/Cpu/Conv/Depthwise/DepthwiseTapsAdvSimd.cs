using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>The filter rows that networks have: 3 and 5 taps at strides of 1 and 2.</summary>
internal static unsafe class DepthwiseTapsAdvSimd
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(void* from, out Vector128<float> a, out Vector128<float> b) =>
        (a, b) = (Vector128.Load((float*)from), Vector128.Load((float*)from + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector128<float> x, Vector128<float> y, Vector128<float> w, Vector128<float> v, ref Vector128<float> a, ref Vector128<float> b)
    {
        a = AdvSimd.FusedMultiplyAdd(a, x, w);
        b = AdvSimd.FusedMultiplyAdd(b, y, v);
    }

    /// <summary>3 taps, stride 1: 6 pixels.</summary>
    internal readonly struct Three : IDepthwiseTapsAdvSimd
    {
        public static int Kernel => 3;

        public static int Stride => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Row(
            byte* x, nint next, float* w, ref Vector128<float> a0, ref Vector128<float> b0, ref Vector128<float> a1, ref Vector128<float> b1,
            ref Vector128<float> a2, ref Vector128<float> b2, ref Vector128<float> a3, ref Vector128<float> b3)
        {
            Load(w, out var w0, out var v0);
            Load(w + 8, out var w1, out var v1);
            Load(w + 16, out var w2, out var v2);
            Load(x, out var c, out var d);
            Add(c, d, w0, v0, ref a0, ref b0);
            Load(x += next, out c, out d);
            Add(c, d, w1, v1, ref a0, ref b0);
            Add(c, d, w0, v0, ref a1, ref b1);
            Load(x += next, out c, out d);
            Add(c, d, w2, v2, ref a0, ref b0);
            Add(c, d, w1, v1, ref a1, ref b1);
            Add(c, d, w0, v0, ref a2, ref b2);
            Load(x += next, out c, out d);
            Add(c, d, w2, v2, ref a1, ref b1);
            Add(c, d, w1, v1, ref a2, ref b2);
            Add(c, d, w0, v0, ref a3, ref b3);
            Load(x += next, out c, out d);
            Add(c, d, w2, v2, ref a2, ref b2);
            Add(c, d, w1, v1, ref a3, ref b3);
            Load(x + next, out c, out d);
            Add(c, d, w2, v2, ref a3, ref b3);
        }
    }

    /// <summary>3 taps, stride 2: 9 pixels.</summary>
    internal readonly struct ThreeByTwo : IDepthwiseTapsAdvSimd
    {
        public static int Kernel => 3;

        public static int Stride => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Row(
            byte* x, nint next, float* w, ref Vector128<float> a0, ref Vector128<float> b0, ref Vector128<float> a1, ref Vector128<float> b1,
            ref Vector128<float> a2, ref Vector128<float> b2, ref Vector128<float> a3, ref Vector128<float> b3)
        {
            Load(w, out var w0, out var v0);
            Load(w + 8, out var w1, out var v1);
            Load(w + 16, out var w2, out var v2);
            Load(x, out var c, out var d);
            Add(c, d, w0, v0, ref a0, ref b0);
            Load(x += next, out c, out d);
            Add(c, d, w1, v1, ref a0, ref b0);
            Load(x += next, out c, out d);
            Add(c, d, w2, v2, ref a0, ref b0);
            Add(c, d, w0, v0, ref a1, ref b1);
            Load(x += next, out c, out d);
            Add(c, d, w1, v1, ref a1, ref b1);
            Load(x += next, out c, out d);
            Add(c, d, w2, v2, ref a1, ref b1);
            Add(c, d, w0, v0, ref a2, ref b2);
            Load(x += next, out c, out d);
            Add(c, d, w1, v1, ref a2, ref b2);
            Load(x += next, out c, out d);
            Add(c, d, w2, v2, ref a2, ref b2);
            Add(c, d, w0, v0, ref a3, ref b3);
            Load(x += next, out c, out d);
            Add(c, d, w1, v1, ref a3, ref b3);
            Load(x + next, out c, out d);
            Add(c, d, w2, v2, ref a3, ref b3);
        }
    }

    /// <summary>5 taps, stride 1: 8 pixels.</summary>
    internal readonly struct Five : IDepthwiseTapsAdvSimd
    {
        public static int Kernel => 5;

        public static int Stride => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Row(
            byte* x, nint next, float* w, ref Vector128<float> a0, ref Vector128<float> b0, ref Vector128<float> a1, ref Vector128<float> b1,
            ref Vector128<float> a2, ref Vector128<float> b2, ref Vector128<float> a3, ref Vector128<float> b3)
        {
            Load(w, out var w0, out var v0);
            Load(w + 8, out var w1, out var v1);
            Load(w + 16, out var w2, out var v2);
            Load(w + 24, out var w3, out var v3);
            Load(w + 32, out var w4, out var v4);
            Load(x, out var c, out var d);
            Add(c, d, w0, v0, ref a0, ref b0);
            Load(x += next, out c, out d);
            Add(c, d, w1, v1, ref a0, ref b0);
            Add(c, d, w0, v0, ref a1, ref b1);
            Load(x += next, out c, out d);
            Add(c, d, w2, v2, ref a0, ref b0);
            Add(c, d, w1, v1, ref a1, ref b1);
            Add(c, d, w0, v0, ref a2, ref b2);
            Load(x += next, out c, out d);
            Add(c, d, w3, v3, ref a0, ref b0);
            Add(c, d, w2, v2, ref a1, ref b1);
            Add(c, d, w1, v1, ref a2, ref b2);
            Add(c, d, w0, v0, ref a3, ref b3);
            Load(x += next, out c, out d);
            Add(c, d, w4, v4, ref a0, ref b0);
            Add(c, d, w3, v3, ref a1, ref b1);
            Add(c, d, w2, v2, ref a2, ref b2);
            Add(c, d, w1, v1, ref a3, ref b3);
            Load(x += next, out c, out d);
            Add(c, d, w4, v4, ref a1, ref b1);
            Add(c, d, w3, v3, ref a2, ref b2);
            Add(c, d, w2, v2, ref a3, ref b3);
            Load(x += next, out c, out d);
            Add(c, d, w4, v4, ref a2, ref b2);
            Add(c, d, w3, v3, ref a3, ref b3);
            Load(x + next, out c, out d);
            Add(c, d, w4, v4, ref a3, ref b3);
        }
    }

    /// <summary>5 taps, stride 2: 11 pixels.</summary>
    internal readonly struct FiveByTwo : IDepthwiseTapsAdvSimd
    {
        public static int Kernel => 5;

        public static int Stride => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Row(
            byte* x, nint next, float* w, ref Vector128<float> a0, ref Vector128<float> b0, ref Vector128<float> a1, ref Vector128<float> b1,
            ref Vector128<float> a2, ref Vector128<float> b2, ref Vector128<float> a3, ref Vector128<float> b3)
        {
            Load(w, out var w0, out var v0);
            Load(w + 8, out var w1, out var v1);
            Load(w + 16, out var w2, out var v2);
            Load(w + 24, out var w3, out var v3);
            Load(w + 32, out var w4, out var v4);
            Load(x, out var c, out var d);
            Add(c, d, w0, v0, ref a0, ref b0);
            Load(x += next, out c, out d);
            Add(c, d, w1, v1, ref a0, ref b0);
            Load(x += next, out c, out d);
            Add(c, d, w2, v2, ref a0, ref b0);
            Add(c, d, w0, v0, ref a1, ref b1);
            Load(x += next, out c, out d);
            Add(c, d, w3, v3, ref a0, ref b0);
            Add(c, d, w1, v1, ref a1, ref b1);
            Load(x += next, out c, out d);
            Add(c, d, w4, v4, ref a0, ref b0);
            Add(c, d, w2, v2, ref a1, ref b1);
            Add(c, d, w0, v0, ref a2, ref b2);
            Load(x += next, out c, out d);
            Add(c, d, w3, v3, ref a1, ref b1);
            Add(c, d, w1, v1, ref a2, ref b2);
            Load(x += next, out c, out d);
            Add(c, d, w4, v4, ref a1, ref b1);
            Add(c, d, w2, v2, ref a2, ref b2);
            Add(c, d, w0, v0, ref a3, ref b3);
            Load(x += next, out c, out d);
            Add(c, d, w3, v3, ref a2, ref b2);
            Add(c, d, w1, v1, ref a3, ref b3);
            Load(x += next, out c, out d);
            Add(c, d, w4, v4, ref a2, ref b2);
            Add(c, d, w2, v2, ref a3, ref b3);
            Load(x += next, out c, out d);
            Add(c, d, w3, v3, ref a3, ref b3);
            Load(x + next, out c, out d);
            Add(c, d, w4, v4, ref a3, ref b3);
        }
    }
}
