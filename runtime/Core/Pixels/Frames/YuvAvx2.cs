using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ResNetEdge.Pixels.Frames;

/// <summary>Eight pairs at a time, a pair in each int32 lane; pmaddwd weighs U and V together, saturating packs clamp.</summary>
internal sealed unsafe class YuvAvx2 : YuvVectorKernel
{
    private const int Pixels = 16;
    private const byte None = 255;

    public static bool IsSupported => Avx2.IsSupported;

    protected override int ConvertVectors<TPairs>(in YuvRow row, in YuvMatrix matrix, int pixels, byte* rgb)
    {
        var low = Vector256.Create(0xFF);
        var bytes = Vector256.Create(0x00FF00FF);
        var luma = Weights(matrix.Luma, 0);
        var (toRed, toGreen, toBlue) = (Weights(0, matrix.RedFromV), Weights(matrix.GreenFromU, matrix.GreenFromV), Weights(matrix.BlueFromU, 0));
        Vector256<int> red = Vector256.Create(matrix.Red), green = Vector256.Create(matrix.Green), blue = Vector256.Create(matrix.Blue);
        // Within 16 bytes: four bytes of each channel, A = r0 g0 b0 r1, B = g1 b1 g1 b1; out come 24, pair after pair.
        var a1 = Twice(0, 4, 8, 12, None, None, 1, 5, 9, 13, None, None, 2, 6, 10, 14);
        var b1 = Twice(None, None, None, None, 0, 4, None, None, None, None, 1, 5, None, None, None, None);
        var a2 = Twice(None, None, 3, 7, 11, 15, None, None, None, None, None, None, None, None, None, None);
        var b2 = Twice(2, 6, None, None, None, None, 3, 7, None, None, None, None, None, None, None, None);
        int x = 0;
        for (; x <= pixels - Pixels; x += Pixels, rgb += 3 * Pixels)
        {
            var pairs = TPairs.Load16(row, x).AsInt32(); // Y0 U Y1 V
            var y0 = Avx2.MultiplyAddAdjacent((pairs & low).AsInt16(), luma);
            var y1 = Avx2.MultiplyAddAdjacent(((pairs >>> 16) & low).AsInt16(), luma);
            var uv = ((pairs >>> 8) & bytes).AsInt16();
            var r = Avx2.MultiplyAddAdjacent(uv, toRed) + red;
            var g = Avx2.MultiplyAddAdjacent(uv, toGreen) + green;
            var b = Avx2.MultiplyAddAdjacent(uv, toBlue) + blue;
            var r0g0 = Avx2.PackSignedSaturate((y0 + r) >> YuvMatrix.Precision, (y0 + g) >> YuvMatrix.Precision);
            var b0r1 = Avx2.PackSignedSaturate((y0 + b) >> YuvMatrix.Precision, (y1 + r) >> YuvMatrix.Precision);
            var g1b1 = Avx2.PackSignedSaturate((y1 + g) >> YuvMatrix.Precision, (y1 + b) >> YuvMatrix.Precision);
            var first = Avx2.PackUnsignedSaturate(r0g0, b0r1);
            var second = Avx2.PackUnsignedSaturate(g1b1, g1b1);
            var head = Avx2.Shuffle(first, a1) | Avx2.Shuffle(second, b1);
            var tail = (Avx2.Shuffle(first, a2) | Avx2.Shuffle(second, b2)).AsUInt64();
            head.GetLower().Store(rgb);
            *(ulong*)(rgb + 16) = tail.ToScalar();
            head.GetUpper().Store(rgb + 24);
            *(ulong*)(rgb + 40) = tail.GetUpper().ToScalar();
        }

        return x;
    }

    /// <summary>For the lower and the upper half of each int32.</summary>
    private static Vector256<short> Weights(short lower, short upper) => Vector256.Create((ushort)lower | (upper << 16)).AsInt16();

    private static Vector256<byte> Twice(params ReadOnlySpan<byte> sixteen)
    {
        var half = Vector128.Create(sixteen);
        return Vector256.Create(half, half);
    }
}
