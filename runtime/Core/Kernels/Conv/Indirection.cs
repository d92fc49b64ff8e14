using ResNetEdge.Kernels.Packing;

namespace ResNetEdge.Kernels.Conv;

/// <summary>
/// Offsets [tap][pixel] from the arena's base to what a tap reads for an output pixel (indirect convolution: Dukhan,
/// arXiv:1907.02129). Offsets, not pointers: made once, valid for any arena, half the size. No tile height is built in, so one table
/// serves every kernel and every division between threads.
/// </summary>
internal sealed unsafe class Indirection : IDisposable
{
    private readonly NativeBlock<uint> _offsets;

    /// <exception cref="EdgeException">Exit 3: the arena would exceed 4 GiB.</exception>
    public Indirection(ConvLayout layout)
    {
        Pixels = layout.Shape.Pixels;
        _offsets = new NativeBlock<uint>((long)layout.Taps * Pixels);
        uint* next = _offsets.Data;
        int lines = layout.Shape.Batch * layout.Shape.OutputHeight, width = layout.Shape.OutputWidth;
        for (int tap = 0; tap < layout.Taps; tap++)
        {
            int tapY = layout.HasRowTaps ? tap : tap / layout.Shape.KernelWidth, tapX = layout.HasRowTaps ? 0 : tap % layout.Shape.KernelWidth;
            for (int line = 0; line < lines; line++)
            {
                long row = layout.Reader.Row(line, tapY);
                for (int x = 0; x < width; x++)
                    *next++ = Narrow(layout.Reader.Offset(row, layout.Reader.Column(x, tapX)));
            }
        }
    }

    /// <summary>Output pixels, the length of a tap's row.</summary>
    public int Pixels { get; }

    /// <summary>[tap][pixel], bytes.</summary>
    public uint* Offsets => _offsets.Data;

    public long Bytes => _offsets.Bytes;

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

    public void Dispose() => _offsets.Dispose();

    /// <summary>An offset as the tables hold it.</summary>
    /// <exception cref="EdgeException">Exit 3: the arena would exceed 4 GiB.</exception>
    public static uint Narrow(long offset) => offset switch
    {
        < 0 => throw new ArgumentException("a tap reads before the arena"),
        > uint.MaxValue => throw EdgeException.BadInput("the activations need more than 4 GiB of memory at once; use a smaller input or batch"),
        _ => (uint)offset,
    };
}
