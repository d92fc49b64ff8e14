namespace ResNetEdge.Pixels.Frames;

/// <summary>The conversion, plainly: one pixel after the other.</summary>
internal sealed unsafe class YuvReference : YuvKernel
{
    public override void Convert(in YuvRow row, in YuvMatrix matrix, int pixels, byte* rgb)
    {
        for (int x = 0; x < pixels; x++, rgb += 3)
        {
            var (y, u, v) = Sample(row, x);
            int luma = matrix.Luma * y;
            rgb[0] = Channel(luma + (matrix.RedFromV * v) + matrix.Red);
            rgb[1] = Channel(luma + (matrix.GreenFromU * u) + (matrix.GreenFromV * v) + matrix.Green);
            rgb[2] = Channel(luma + (matrix.BlueFromU * u) + matrix.Blue);
        }
    }

    private static (byte Y, byte U, byte V) Sample(in YuvRow row, int x)
    {
        long pair = x / 2;
        return row.Order switch
        {
            YuvOrder.Yuyv => (row.Y[2L * x], row.Y[(4 * pair) + 1], row.Y[(4 * pair) + 3]),
            YuvOrder.Uyvy => (row.Y[(2L * x) + 1], row.Y[4 * pair], row.Y[(4 * pair) + 2]),
            YuvOrder.PairsUv => (row.Y[x], row.Chroma[2 * pair], row.Chroma[(2 * pair) + 1]),
            YuvOrder.PairsVu => (row.Y[x], row.Chroma[(2 * pair) + 1], row.Chroma[2 * pair]),
            _ => (row.Y[x], row.Chroma[pair], row.V[pair]),
        };
    }

    private static byte Channel(int sum) => (byte)Math.Clamp(sum >> YuvMatrix.Precision, 0, 255);
}
