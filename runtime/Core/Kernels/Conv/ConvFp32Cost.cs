using ResNetEdge.Kernels.Conv.Winograd;

namespace ResNetEdge.Kernels.Conv;

/// <summary>
/// Predicts what a float convolution costs directly and by Winograd's method, to choose between them when a network is planned: from
/// the layer and the tier alone, so that a model gives the same numbers on every machine of a tier.
/// </summary>
/// <remarks>
/// Constants measured on one core of a Zen 5 server CPU (48 KiB, 1 MiB and 32 MiB of cache), which decides the same way as measured for all
/// 3×3 layers of the ImageNet and CIFAR residual networks. Elsewhere a wrong choice costs speed only.
/// </remarks>
internal static class ConvFp32Cost
{
    /// <summary>Weights that come from memory, bytes per nanosecond.</summary>
    private const double MemoryRate = 36;

    /// <summary>Share of the shorter of computing and reading weights that the longer one does not hide.</summary>
    private const double NotHidden = 0.3;

    /// <summary>Weights up to this stay in a second-level cache.</summary>
    private const long CachedBytes = 768 << 10;

    /// <summary>One transform of one tile for eight channels, nanoseconds for each of its products.</summary>
    private const double TransformCost = 1.2;

    /// <summary>One call of a matrix product, nanoseconds.</summary>
    private const double CallCost = 60;

    /// <summary>Winograd's method must be this much better than the direct kernel: its error is larger, and so are its weights.</summary>
    private const double Margin = 0.85;

    /// <summary>Outputs along a side of the tiles that cost least, 2 or 4; 0 when the direct kernel does, or the method does not apply.</summary>
    /// <param name="s">The layer.</param>
    /// <param name="tier">Kernels of this tier and lower ones.</param>
    public static int WinogradOutputs(ConvShape s, KernelTier tier)
    {
        if (!ConvFp32Winograd.HasShape(s) || !KernelTiers.Serves(KernelTiers.Avx2, tier))
            return 0;
        var (best, outputs) = (Direct(s, tier) * Margin, 0);
        foreach (int candidate in (ReadOnlySpan<int>)[4, 2])
        {
            double cost = Winograd(s, tier, candidate);
            if (cost < best)
                (best, outputs) = (cost, candidate);
        }

        return outputs;
    }

    /// <summary>Nanoseconds of the direct kernel.</summary>
    public static double Direct(ConvShape s, KernelTier tier) =>
        Overlap(s.Macs / MultiplyRate(tier), (long)s.OutputChannels * s.Depth * sizeof(float));

    /// <summary>Nanoseconds by Winograd's method with tiles of <paramref name="outputs"/>² outputs.</summary>
    public static double Winograd(ConvShape s, KernelTier tier, int outputs)
    {
        var transform = WinogradTransform.Of(outputs);
        var layout = new WinogradLayout(s, transform);
        long pairs = (long)s.InputChannels * s.OutputChannels * transform.Products;
        double vectors = Vectors(s.InputChannels) + Vectors(s.OutputChannels), panels = Math.Ceiling(s.OutputChannels / 64.0);
        double calls = transform.Products * panels * Math.Ceiling(layout.Tiles / (double)layout.BlockTiles);
        double work = pairs * layout.Tiles / MultiplyRate(tier) + layout.Tiles * vectors * transform.Products * TransformCost + calls * CallCost;
        return Overlap(work, pairs * sizeof(float));
    }

    /// <summary>Multiply-accumulates per nanosecond.</summary>
    private static double MultiplyRate(KernelTier tier) => KernelTiers.Serves(KernelTiers.Avx512Bw, tier) ? 120 : 60;

    private static double Vectors(int channels) => Math.Ceiling(channels / (double)WinogradTransform.Lanes);

    private static double Overlap(double work, long weightBytes)
    {
        double reading = weightBytes <= CachedBytes ? 0 : weightBytes / MemoryRate;
        return Math.Max(work, reading) + NotHidden * Math.Min(work, reading);
    }
}
