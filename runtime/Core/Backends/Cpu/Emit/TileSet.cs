namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>The emitted kernels of one element type: which tile heights exist for a panel width, and which to use for so many pixels.</summary>
internal static class TileSet
{
    /// <summary>Most runs of equal tiles that a number of pixels is cut into: one of the main height, then its tail.</summary>
    public const int MostRuns = 5;

    /// <summary>Kernel offsets by rows for an int8 panel of so many lanes; -1 where there is none.</summary>
    public static ReadOnlySpan<int> Int8(int width) => width switch { 64 => ConvAvx512.Int8x64, 32 => ConvAvx512.Int8x32, _ => ConvAvx512.Int8x16 };

    /// <summary>The same without VNNI.</summary>
    public static ReadOnlySpan<int> Int8Bw(int width) =>
        width switch { 64 => ConvAvx512.Int8Bwx64, 32 => ConvAvx512.Int8Bwx32, _ => ConvAvx512.Int8Bwx16 };

    /// <summary>Kernel offsets by rows for a float panel of so many lanes; -1 where there is none.</summary>
    public static ReadOnlySpan<int> Fp32(int width) => width switch { 64 => ConvAvx512.Fp32x64, 32 => ConvAvx512.Fp32x32, _ => ConvAvx512.Fp32x16 };

    /// <summary>The same for weights that serve a tile or two and are then done with.</summary>
    public static ReadOnlySpan<int> Fp32Streamed(int width) => width == 64 ? ConvAvx512.Fp32Streamedx64 : Fp32(width);

    /// <summary>Cuts <paramref name="pixels"/> into runs of equal tiles, highest first, so that the whole costs least.</summary>
    /// <param name="pixels">At least 1.</param>
    /// <param name="entries">Kernel offsets by rows.</param>
    /// <param name="width">Lanes of the panel.</param>
    /// <param name="runs">At least <see cref="MostRuns"/>.</param>
    /// <returns>Number of runs.</returns>
    public static int Cut(int pixels, ReadOnlySpan<int> entries, int width, Span<TileRun> runs)
    {
        int vectors = width / 16, highest = entries.Length - 1, best = highest;
        double least = double.MaxValue;
        for (int main = highest; main > highest / 2; main--)
        {
            if (entries[main] < 0)
                continue;
            double cost = pixels / main * Cost(main, vectors);
            for (int tail = pixels % main; tail > 0;)
            {
                int rows = Highest(entries, Math.Min(tail, main));
                cost += Cost(rows, vectors);
                tail -= rows;
            }

            if (cost < least)
                (least, best) = (cost, main);
        }

        int count = 0;
        for (int left = pixels, limit = best; left > 0;)
        {
            int rows = Highest(entries, Math.Min(left, limit));
            runs[count++] = new TileRun(rows, left / rows);
            left %= rows;
        }

        return count;
    }

    /// <summary>Relative time of a tile: its products, at least the latency of one, and what every tile costs anyway.</summary>
    private static double Cost(int rows, int vectors) => Math.Max(rows * vectors, 6) + 1;

    /// <summary>The highest tile that there is of at most so many rows.</summary>
    public static int Highest(ReadOnlySpan<int> entries, int rows)
    {
        while (entries[rows] < 0)
            rows--;
        return rows;
    }
}

/// <summary>Tiles of one height.</summary>
/// <param name="Rows">Pixels of each tile.</param>
/// <param name="Tiles">How many.</param>
internal readonly record struct TileRun(int Rows, int Tiles);
