using System.Runtime.Intrinsics;

namespace ResNetEdge.Pixels.Frames;

/// <summary>Four pairs at a time, a pair in each int32 lane.</summary>
internal sealed unsafe class YuvVector128 : YuvVectorKernel
{
    private const int Pixels = 8;

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    protected override int ConvertVectors<TPairs>(in YuvRow row, in YuvMatrix matrix, int pixels, byte* rgb)
    {
        Vector128<int> luma = Vector128.Create((int)matrix.Luma), low = Vector128.Create(0xFF);
        Vector128<int> redFromV = Vector128.Create((int)matrix.RedFromV), blueFromU = Vector128.Create((int)matrix.BlueFromU);
        Vector128<int> greenFromU = Vector128.Create((int)matrix.GreenFromU), greenFromV = Vector128.Create((int)matrix.GreenFromV);
        Vector128<int> red = Vector128.Create(matrix.Red), green = Vector128.Create(matrix.Green), blue = Vector128.Create(matrix.Blue);
        int x = 0;
        for (; x <= pixels - Pixels; x += Pixels, rgb += 3 * Pixels)
        {
            var pairs = TPairs.Load8(row, x).AsInt32(); // Y0 U Y1 V
            var y0 = (pairs & low) * luma;
            var y1 = ((pairs >>> 16) & low) * luma;
            var u = (pairs >>> 8) & low;
            var v = pairs >>> 24;
            var r = (v * redFromV) + red;
            var g = (u * greenFromU) + (v * greenFromV) + green;
            var b = (u * blueFromU) + blue;
            Store(Channel(y0 + r), Channel(y0 + g), Channel(y0 + b), Channel(y1 + r), Channel(y1 + g), Channel(y1 + b), rgb);
        }

        return x;
    }

    private static Vector128<int> Channel(Vector128<int> sum)
        => Vector128.Min(Vector128.Max(sum >> YuvMatrix.Precision, Vector128<int>.Zero), Vector128.Create(255));

    /// <summary>Lane i of each is a byte of pair i: 24 bytes, pair after pair.</summary>
    private static void Store(
        Vector128<int> r0, Vector128<int> g0, Vector128<int> b0, Vector128<int> r1, Vector128<int> g1, Vector128<int> b1, byte* rgb)
    {
        // Little end first, so a lane's four bytes are r0 g0 b0 r1, then g1 b1.
        var four = (r0 | (g0 << 8) | (b0 << 16) | (r1 << 24)).AsByte();
        var two = (g1 | (b1 << 8)).AsByte();
        (Vector128.Shuffle(four, Vector128.Create((byte)0, 1, 2, 3, 255, 255, 4, 5, 6, 7, 255, 255, 8, 9, 10, 11))
            | Vector128.Shuffle(two, Vector128.Create((byte)255, 255, 255, 255, 0, 1, 255, 255, 255, 255, 4, 5, 255, 255, 255, 255))).Store(rgb);
        *(ulong*)(rgb + 16) =
            (Vector128.Shuffle(four, Vector128.Create((byte)255, 255, 12, 13, 14, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(two, Vector128.Create((byte)8, 9, 255, 255, 255, 255, 12, 13, 255, 255, 255, 255, 255, 255, 255, 255)))
                .AsUInt64().ToScalar();
    }
}
