using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradInt8;

/// <summary>
/// When the scaled integer transform is exact, and when it pays. All matrices of F(4×4, 3×3) are scaled to whole numbers: transformed weights
/// reach 12²·128 = 18,432 and transformed inputs 68·255 = 17,340, both within 16 bits. The transformed sums are 576 times those of the
/// definition, modulo 2³²; 576 = 9·64, so a multiplication by the inverse of 9 modulo 2³² leaves 64·s, which is s exactly while |s| &lt; 2²⁵.
/// </summary>
internal static class WinogradInt8Bounds
{
    /// <summary>What the transforms multiply a sum by and multiplication by <see cref="InverseOfNine"/> leaves of it.</summary>
    public const int Scale = 64;

    /// <summary>9·x = 1 modulo 2³².</summary>
    public const int InverseOfNine = 954437177;

    /// <summary>A sum times <see cref="Scale"/> fits into 32 bits below this magnitude.</summary>
    public const long Limit = 1L << 25;

    /// <summary>The multiplier divided by <see cref="Scale"/> is exact from here on, and so is the product with 64 times the sum.</summary>
    private const float LeastMultiplier = 1e-30f;

    /// <summary>3×3, stride 1, no groups, no dilation, over pictures.</summary>
    public static bool HasShape(ConvShape s) =>
        s is { InputDepth: 1, KernelDepth: 1, KernelHeight: 3, KernelWidth: 3, StrideHeight: 1, StrideWidth: 1, Groups: 1 }
            && s is { DilationHeight: 1, DilationWidth: 1 };

    /// <summary>Shape, gain, and the bound within which all sums are exact.</summary>
    public static bool CanRun(ConvInt8Problem p, WinogradInt8Cost cost) => HasShape(p.Shape) && Pays(p.Shape, cost) && IsExact(p);

    /// <summary>Scratch memory of all threads.</summary>
    public static long ScratchBytes(ConvShape shape, WinogradInt8Cost cost, int threads) =>
        HasShape(shape) && Pays(shape, cost) ? threads * new WinogradInt8Layout(shape).PartBytes : 0;

    /// <summary>Fewer instructions than by the direct kernel, and weights that are read in less time than it takes.</summary>
    public static bool Pays(ConvShape s, WinogradInt8Cost cost)
    {
        var layout = new WinogradInt8Layout(s);
        return TakesFewerInstructions(s, layout, cost) && ReadsInTime(s, layout);
    }

    // Few channels do not pay for the transforms, nor few pixels for whole tiles.
    private static bool TakesFewerInstructions(ConvShape s, WinogradInt8Layout layout, WinogradInt8Cost cost)
    {
        double pairs = (double)s.InputChannels * s.OutputChannels, tiles = Math.Ceiling(layout.Tiles / 4.0) * 4;
        double winograd = tiles
            * (WinogradInt8Layout.Products * pairs * cost.Product + cost.Input * s.InputChannels + cost.Output * s.OutputChannels);
        return winograd < 9 * pairs * cost.Direct * s.Pixels;
    }

    // Transformed weights are eight times as large, and the memory is all cores' together. On a Raspberry Pi 4 four cores read 4 bytes a nanosecond
    // and each does 14 products directly; what its cache of 1 MiB holds is not read again. So 7×7 pixels of 512 channels (19 MB) stay direct.
    private static bool ReadsInTime(ConvShape s, WinogradInt8Layout layout)
    {
        const long Cached = 512 << 10;
        const int Products = 14;
        long pairs = (long)s.InputChannels * s.OutputChannels, bytes = pairs * WinogradInt8Layout.Products * sizeof(short);
        int blocks = (layout.Tiles + layout.BlockTiles - 1) / layout.BlockTiles;
        return bytes <= Cached || bytes * blocks * Products < 9 * pairs * s.Pixels;
    }

    /// <summary>No sum of any picture leaves the bound; depends on weights, bias and zero point, so it is asked while a model is loaded.</summary>
    public static bool IsExact(ConvInt8Problem p)
    {
        for (int n = 0; n < p.Shape.OutputChannels; n++)
        {
            if (p.Multiplier[n] < LeastMultiplier || !SumRange.IsBelow(p, n, Limit))
                return false;
        }

        return true;
    }
}
