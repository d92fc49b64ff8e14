using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// Convolution, u8 × s8 → s32 by 256-bit <c>vpdpbusd</c>, 6 pixels × 16 channels, for processors with VNNI but without AVX-512. Exact:
/// four products are summed in 32 bits without saturation.
/// </summary>
/// <remarks>
/// 12 accumulators, 2 weights and 1 broadcast fill 15 of 16 registers. Rows that a last tile lacks repeat its first one; with at most
/// three left, half a tile is done.
/// </remarks>
internal sealed unsafe class ConvInt8AvxVnni(ConvInt8Problem problem) : ConvInt8Panels<ConvInt8AvxVnni.Tile, sbyte>(problem)
{
    public override string Name => nameof(ConvInt8AvxVnni);

    /// <summary>6 × 16, or 3 × 16.</summary>
    internal readonly struct Tile : IConvInt8Tile<sbyte>
    {
        private const int Half = 3, StepBytes = 64;

        public static int Rows => 6;

        public static int StepElements => 4;

        public static NativeBlock<sbyte> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels) =>
            PackInt8.Pack(weights, layout, panels);

        public static void Run<TShortcut, TStore>(in ConvInt8Tile t, sbyte* w)
            where TShortcut : struct, Epilogues.IShortcutInt8
            where TStore : struct, Epilogues.IStoreInt8
        {
            if (t.Rows > Half)
                Six<TShortcut, TStore>(in t, w);
            else
                Three<TShortcut, TStore>(in t, w);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Six<TShortcut, TStore>(in ConvInt8Tile t, sbyte* w)
            where TShortcut : struct, Epilogues.IShortcutInt8
            where TStore : struct, Epilogues.IStoreInt8
        {
            // Accumulators are named locals: arrays of vectors spill, three times slower.
            Vector256<int> c00 = Vector256.Load(t.Bias), c01 = Vector256.Load(t.Bias + 8);
            Vector256<int> c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01, c40 = c00, c41 = c01, c50 = c00, c51 = c01;
            int rows = t.Rows;
            uint* offsets = t.Offsets;
            for (int tap = 0; tap < t.Taps; tap++, offsets += t.TapPitch)
            {
                byte* x0 = t.Input + offsets[0], x1 = t.Input + offsets[1], x2 = t.Input + offsets[2], x3 = t.Input + offsets[3];
                byte* x4 = rows > 4 ? t.Input + offsets[4] : x0, x5 = rows > 5 ? t.Input + offsets[5] : x0;
                for (nint i = 0, end = t.Steps * 4; i < end; i += 4, w += StepBytes)
                {
                    Vector256<sbyte> w0 = Vector256.Load(w), w1 = Vector256.Load(w + 32);
                    Step(x0 + i, w0, w1, ref c00, ref c01);
                    Step(x1 + i, w0, w1, ref c10, ref c11);
                    Step(x2 + i, w0, w1, ref c20, ref c21);
                    Step(x3 + i, w0, w1, ref c30, ref c31);
                    Step(x4 + i, w0, w1, ref c40, ref c41);
                    Step(x5 + i, w0, w1, ref c50, ref c51);
                }
            }

            Finish<TShortcut, TStore>(in t, 0, c00, c01);
            Finish<TShortcut, TStore>(in t, 1, c10, c11);
            Finish<TShortcut, TStore>(in t, 2, c20, c21);
            Finish<TShortcut, TStore>(in t, 3, c30, c31);
            if (rows > 4)
                Finish<TShortcut, TStore>(in t, 4, c40, c41);
            if (rows > 5)
                Finish<TShortcut, TStore>(in t, 5, c50, c51);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Three<TShortcut, TStore>(in ConvInt8Tile t, sbyte* w)
            where TShortcut : struct, Epilogues.IShortcutInt8
            where TStore : struct, Epilogues.IStoreInt8
        {
            Vector256<int> c00 = Vector256.Load(t.Bias), c01 = Vector256.Load(t.Bias + 8), c10 = c00, c11 = c01, c20 = c00, c21 = c01;
            int rows = t.Rows;
            uint* offsets = t.Offsets;
            for (int tap = 0; tap < t.Taps; tap++, offsets += t.TapPitch)
            {
                byte* x0 = t.Input + offsets[0], x1 = rows > 1 ? t.Input + offsets[1] : x0, x2 = rows > 2 ? t.Input + offsets[2] : x0;
                for (nint i = 0, end = t.Steps * 4; i < end; i += 4, w += StepBytes)
                {
                    Vector256<sbyte> w0 = Vector256.Load(w), w1 = Vector256.Load(w + 32);
                    Step(x0 + i, w0, w1, ref c00, ref c01);
                    Step(x1 + i, w0, w1, ref c10, ref c11);
                    Step(x2 + i, w0, w1, ref c20, ref c21);
                }
            }

            Finish<TShortcut, TStore>(in t, 0, c00, c01);
            if (rows > 1)
                Finish<TShortcut, TStore>(in t, 1, c10, c11);
            if (rows > 2)
                Finish<TShortcut, TStore>(in t, 2, c20, c21);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Step(byte* x, Vector256<sbyte> w0, Vector256<sbyte> w1, ref Vector256<int> c0, ref Vector256<int> c1)
        {
            var four = Vector256.Create(*(int*)x).AsByte();
            c0 = AvxVnni.MultiplyWideningAndAdd(c0, four, w0);
            c1 = AvxVnni.MultiplyWideningAndAdd(c1, four, w1);
        }
    }
}
