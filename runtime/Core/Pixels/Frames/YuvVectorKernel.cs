namespace ResNetEdge.Pixels.Frames;

/// <summary>What conversions with vectors share: the loop of the row's own order over whole vectors, the definition over what is left.</summary>
internal abstract unsafe class YuvVectorKernel : YuvKernel
{
    private static readonly YuvReference Rest = new();

    public sealed override void Convert(in YuvRow row, in YuvMatrix matrix, int pixels, byte* rgb)
    {
        int done = row.Order switch
        {
            YuvOrder.Yuyv => ConvertVectors<YuvPairs.Yuyv>(row, matrix, pixels, rgb),
            YuvOrder.Uyvy => ConvertVectors<YuvPairs.Uyvy>(row, matrix, pixels, rgb),
            YuvOrder.PairsUv => ConvertVectors<YuvPairs.PairsUv>(row, matrix, pixels, rgb),
            YuvOrder.PairsVu => ConvertVectors<YuvPairs.PairsVu>(row, matrix, pixels, rgb),
            _ => ConvertVectors<YuvPairs.Planes>(row, matrix, pixels, rgb),
        };
        Rest.Convert(row.From(done), matrix, pixels - done, rgb + (3L * done));
    }

    /// <summary>Converts as many as fill vectors.</summary>
    /// <returns>How many were converted; even.</returns>
    protected abstract int ConvertVectors<TPairs>(in YuvRow row, in YuvMatrix matrix, int pixels, byte* rgb) where TPairs : struct, IYuvPairs;
}
