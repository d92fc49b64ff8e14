using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Fp32;

/// <summary>
/// Predicts what a float convolution costs directly and by Winograd's method, to choose between them when a network is planned: from
/// the layer and the tier alone, so that a model gives the same numbers on every machine of a tier.
/// </summary>
/// <remarks>
/// Constants measured on one core of a Zen 5 server CPU (48 KiB, 1 MiB and 32 MiB of cache). Of 26 layers (those of ImageNet and CIFAR
/// residual networks among them) none was slower there than the direct kernel, in either tier. Elsewhere a wrong choice costs speed only.
/// </remarks>
internal static class ConvFp32Cost
{
    /// <summary>Weights that come from memory, bytes per nanosecond.</summary>
    private const double MemoryRate = 36;

    /// <summary>Weights up to this stay in a second-level cache.</summary>
    private const long CachedBytes = 768 << 10;

    /// <summary>Winograd's method must be this much better than the direct kernel: its error is larger, and so are its weights.</summary>
    private const double Margin = 0.85;

    /// <summary>Nanoseconds of a step that computes nothing.</summary>
    private const double Step = 1000;

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

    /// <summary>Nanoseconds of the way that is taken: with whole panels of output channels, and with what any step costs.</summary>
    public static double Of(ConvShape s, KernelTier tier, bool allowsWinograd)
    {
        if (allowsWinograd && WinogradOutputs(s, tier) is > 0 and var outputs) return Step + Winograd(s, tier, outputs);
        int lanes = (int)Divide(s.GroupOutputChannels, ConvFp32Avx2.PanelWidth) * ConvFp32Avx2.PanelWidth;
        return Step + Direct(s, tier) * lanes / s.GroupOutputChannels;
    }

    /// <summary>Nanoseconds of the direct kernel.</summary>
    public static double Direct(ConvShape s, KernelTier tier)
    {
        var rates = Rates.Of(tier);
        return Overlap(s.Macs / rates.Multiply, (long)s.OutputChannels * s.Depth * sizeof(float), 1, rates);
    }

    /// <summary>Nanoseconds by Winograd's method with tiles of <paramref name="outputs"/>² outputs.</summary>
    public static double Winograd(ConvShape s, KernelTier tier, int outputs)
    {
        var rates = Rates.Of(tier);
        var transform = WinogradTransform.Of(outputs);
        var layout = new WinogradLayout(s, transform);
        long pairs = (long)s.InputChannels * s.OutputChannels * transform.Products;
        double vectors = Divide(s.InputChannels, 8) + Divide(s.OutputChannels, 8);
        double blocks = Divide(layout.Tiles, layout.BlockTiles), calls = transform.Products * Divide(s.OutputChannels, rates.Panel) * blocks;
        // A few rows take as long as a full tile of the intrinsics, and in machine code as three: the latency of its sums.
        double rows = rates.WholeTiles ? Divide(layout.Tiles, ConvFp32Avx2.TileRows) * ConvFp32Avx2.TileRows : Math.Max(layout.Tiles, 3);
        double work = pairs * rows / rates.Multiply + layout.Tiles * vectors * transform.Products * rates.Transform + calls * rates.Call;
        return Overlap(work, pairs * sizeof(float), blocks, rates);
    }

    private static double Divide(int a, int b) => Math.Ceiling(a / (double)b);

    private static double Overlap(double work, long weightBytes, double times, Rates rates)
    {
        double reading = weightBytes <= CachedBytes ? 0 : weightBytes * times / MemoryRate;
        return Math.Max(work, reading) + rates.NotHidden * Math.Min(work, reading);
    }

    /// <summary>What a tier reaches.</summary>
    /// <param name="Multiply">Multiply-accumulates per nanosecond.</param>
    /// <param name="Transform">Nanoseconds of one transform of one tile for eight channels, for each of its products.</param>
    /// <param name="Call">Nanoseconds that a matrix product costs anyway.</param>
    /// <param name="NotHidden">Share of the shorter of computing and reading weights that the
    /// longer one does not hide; the machine code prefetches.</param>
    /// <param name="Panel">Output channels of a matrix product.</param>
    /// <param name="WholeTiles">A tile that is not full costs as much as a full one.</param>
    private readonly record struct Rates(double Multiply, double Transform, double Call, double NotHidden, int Panel, bool WholeTiles)
    {
        private static readonly Rates Emitted = new(120, 0.5, 60, 0.3, 64, false);

        private static readonly Rates Intrinsics = new(60, 0.9, 40, 0.4, ConvFp32Avx2.PanelWidth, true);

        public static Rates Of(KernelTier tier) => KernelTiers.Serves(KernelTiers.Avx512Bw, tier) ? Emitted : Intrinsics;
    }
}
