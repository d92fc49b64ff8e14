namespace ResNetEdge.Exporter.Import.Hdf5;

/// <summary>Reads the dimensions of a data set (the message <c>Dataspace</c>).</summary>
internal static class Hdf5Dataspace
{
    private const int MaxRank = 8, NullSpace = 2;

    /// <summary>Reads a dataspace message, version 1 or 2; a scalar has none, an empty one a dimension of 0.</summary>
    /// <exception cref="EdgeException">Exit 3: damaged.</exception>
    public static long[] Read(Hdf5Cursor cursor)
    {
        int version = cursor.Byte(), rank = cursor.Byte();
        cursor.Skip(1);
        int kind = cursor.Byte();
        if (version is not (1 or 2) || rank > MaxRank)
            throw cursor.Fail($"has dimensions of version {version} and rank {rank}; versions 1 and 2 and ranks up to {MaxRank} are supported");
        if (version == 1) cursor.Skip(4);
        else if (kind == NullSpace) return [0];
        long[] dimensions = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            ulong size = cursor.UInt64();
            dimensions[i] = size <= int.MaxValue ? (long)size : throw cursor.Fail($"has a dimension of {size}");
        }

        return dimensions;
    }
}
