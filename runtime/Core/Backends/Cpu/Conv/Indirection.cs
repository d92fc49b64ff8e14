namespace ResNetEdge.Backends.Cpu.Conv;

/// <summary>
/// Offsets [tap][pixel] from the arena's base to what a tap reads for an output pixel (indirect convolution: Dukhan,
/// arXiv:1907.02129). Offsets, not pointers: made once, valid for any arena, half the size. No tile height is built in, so one table
/// serves every kernel and every division between threads.
/// </summary>
internal sealed unsafe class Indirection : IDisposable
{
    private IndirectionTable? _table;

    /// <exception cref="EdgeException">Exit 3: the arena would exceed 4 GiB.</exception>
    public Indirection(ConvLayout layout)
    {
        Pixels = layout.Shape.Pixels;
        _table = IndirectionTable.Share(layout);
        Offsets = _table.Offsets.Data;
        Bytes = _table.Offsets.Bytes;
    }

    /// <summary>Output pixels, the length of a tap's row.</summary>
    public int Pixels { get; }

    /// <summary>[tap][pixel], bytes.</summary>
    public uint* Offsets { get; }

    /// <summary>Of the table; each layer that shares it counts it.</summary>
    public long Bytes { get; }

    /// <summary>Bytes from each pixel to the next where the first tap's are all equally far apart, else 0.</summary>
    public int Distance()
    {
        if (Pixels == 1)
            return 1; // There is no next.
        long distance = (long)Offsets[1] - Offsets[0];
        for (int pixel = 1; pixel < Pixels; pixel++)
        {
            if ((long)Offsets[pixel] - Offsets[pixel - 1] != distance)
                return 0;
        }

        return distance is > 0 and <= int.MaxValue ? (int)distance : 0;
    }

    public void Dispose() => Interlocked.Exchange(ref _table, null)?.Release();

    /// <summary>An offset as the tables hold it.</summary>
    /// <exception cref="EdgeException">Exit 3: the arena would exceed 4 GiB.</exception>
    public static uint Narrow(long offset) => offset switch
    {
        < 0 => throw new ArgumentException("a tap reads before the arena"),
        > uint.MaxValue => throw EdgeException.BadInput("the activations need more than 4 GiB of memory at once; use a smaller input or batch"),
        _ => (uint)offset,
    };
}
