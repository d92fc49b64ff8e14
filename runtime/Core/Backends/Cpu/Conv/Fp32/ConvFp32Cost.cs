using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Backends.Cpu.Conv.WinogradRows;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Fp32;

/// <summary>
/// Predicts what a float convolution costs directly and by Winograd's method, to choose between them when a network is planned: from
/// the layer and the tier alone, so that a model gives the same numbers on every machine of a tier.
/// </summary>
/// <remarks>
/// Constants of the x86 tiers measured on one core of a Zen 5 server CPU (48 KiB, 1 MiB and 32 MiB of cache). Of 26 layers (those of ImageNet and
/// CIFAR residual networks among them) none was slower there than the direct kernel, in either tier. Those of the Arm tiers are of the boards that
/// the tiers are for, from instruction tables and published bandwidths, timed on none. Elsewhere a wrong choice costs speed only.
/// </remarks>
internal static class ConvFp32Cost
{
    /// <summary>Winograd's method must be this much better than the direct kernel: its error is larger, and so are its weights.</summary>
    private const double Margin = 0.85;

    /// <summary>Nanoseconds of a step that computes nothing.</summary>
    private const double Step = 1000;

    /// <summary>Outputs along a side of the tiles that cost least, 2 or 4; 0 when the direct kernel does, or the method does not apply.</summary>
    /// <param name="s">The layer.</param>
    /// <param name="tier">Kernels of this tier and lower ones.</param>
    public static int WinogradOutputs(ConvShape s, KernelTier tier)
    {
        if (!ConvFp32Winograd.HasShape(s) || tier == KernelTiers.Scalar)
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

    /// <summary>Whether Winograd's method along rows costs less than the direct kernel: on Arm alone, where it has a product.</summary>
    /// <param name="s">The layer.</param>
    /// <param name="tier">Kernels of this tier and lower ones.</param>
    public static bool RowsPay(ConvShape s, KernelTier tier) => ConvFp32WinogradRows.HasShape(s) && KernelTiers.Serves(KernelTiers.Neon, tier)
        && Rows(s, tier) < Direct(s, tier) * Margin;

    /// <summary>Nanoseconds of the way that is taken: with whole panels of output channels, and with what any step costs.</summary>
    public static double Of(ConvShape s, KernelTier tier, bool allowsWinograd)
    {
        if (allowsWinograd && WinogradOutputs(s, tier) is > 0 and var outputs) return Step + Winograd(s, tier, outputs);
        if (allowsWinograd && RowsPay(s, tier)) return Step + Rows(s, tier);
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
        var layout = new WinogradLayout(s, transform, rates.Blocking);
        long pairs = (long)s.InputChannels * s.OutputChannels * transform.Products;
        double vectors = Divide(s.InputChannels, 8) + Divide(s.OutputChannels, 8);
        double blocks = Divide(layout.Tiles, layout.BlockTiles), calls = transform.Products * Divide(s.OutputChannels, rates.Panel) * blocks;
        // A few rows take as long as a full tile of the intrinsics, and in machine code as three: the latency of its sums.
        int unit = rates.Blocking.TileRows;
        double rows = rates.WholeTiles ? Divide(layout.Tiles, unit) * unit : Math.Max(layout.Tiles, 3);
        double work = pairs * rows / rates.Multiply + layout.Tiles * vectors * transform.Products * rates.Transform + calls * rates.Call;
        return Overlap(work, pairs * sizeof(float), blocks, rates);
    }

    /// <summary>Nanoseconds by Winograd's method along rows. An input row is transformed once for all output rows of a block.</summary>
    public static double Rows(ConvShape s, KernelTier tier)
    {
        const int Shared = RowsTransform.SharedPoints, Points = RowsTransform.Points, Sums = Shared + Points;
        var rates = Rates.Of(tier);
        var layout = new RowsLayout(s);
        double strips = Divide(s.OutputChannels, ProductArgs.Columns), tiles = (double)s.OutputLines * layout.Groups * ProductArgs.Rows;
        double pairs = strips * ProductArgs.Columns * Sums * s.KernelHeight * s.InputChannels;
        double vectors = Sums * s.StrideHeight * Divide(s.InputChannels, 4) + Points * strips * 4, calls = 2 * s.OutputLines * strips;
        // A vector of four channels in one direction is a quarter of eight channels in two.
        double work = pairs * tiles / rates.Multiply + tiles * vectors * rates.Transform / 4 + calls * rates.Call;
        return Overlap(work, (long)pairs * sizeof(float), Divide(s.OutputLines, layout.BlockRows), rates);
    }

    private static double Divide(int a, int b) => Math.Ceiling(a / (double)b);

    private static double Overlap(double work, long weightBytes, double times, Rates rates)
    {
        double reading = weightBytes <= rates.CachedBytes ? 0 : weightBytes * times / rates.Memory;
        return Math.Max(work, reading) + rates.NotHidden * Math.Min(work, reading);
    }

    /// <summary>What a tier reaches.</summary>
    private sealed record Rates
    {
        /// <summary>Machine code for AVX-512; it prefetches.</summary>
        private static readonly Rates Emitted = new()
        {
            Multiply = 120,
            Transform = 0.5,
            Call = 60,
            NotHidden = 0.3,
            Panel = 64,
            WholeTiles = false,
            Memory = 36,
            CachedBytes = 768 << 10,
            Blocking = WinogradBlocking.X86,
        };

        private static readonly Rates Intrinsics = Emitted with
        {
            Multiply = 60,
            Transform = 0.9,
            Call = 40,
            NotHidden = 0.4,
            Panel = ConvFp32Avx2.PanelWidth,
            WholeTiles = true,
        };

        /// <summary>
        /// Cortex-A76 at 2.4 GHz, two FMA of four lanes a cycle; LPDDR4X of which a core reads 8 bytes a nanosecond, 6 beside another; 512 KiB
        /// and 2 MiB of cache (Raspberry Pi 5; an Orin's Cortex-A78AE is slower by a tenth and has more memory).
        /// </summary>
        private static readonly Rates CortexA76 = new()
        {
            Multiply = 18,
            Transform = 3,
            Call = 20,
            NotHidden = 0.4,
            Panel = 64,
            WholeTiles = true,
            Memory = 6,
            CachedBytes = 1 << 20,
            Blocking = WinogradBlocking.Neon,
        };

        /// <summary>
        /// Cortex-A72 at 1.8 GHz, one FMA of four lanes a cycle; LPDDR4 of which a core reads 4 bytes a nanosecond, 3 beside another; 1 MiB of
        /// cache for four cores (Raspberry Pi 4). A Cortex-A53 is half as fast in both, which leaves the choice as it is.
        /// </summary>
        private static readonly Rates CortexA72 = CortexA76 with { Multiply = 7, Transform = 6, Call = 40, Memory = 3, CachedBytes = 512 << 10 };

        /// <summary>Multiply-accumulates per nanosecond.</summary>
        public required double Multiply { get; init; }

        /// <summary>Nanoseconds of one transform of one tile for eight channels, for each of its products.</summary>
        public required double Transform { get; init; }

        /// <summary>Nanoseconds that a matrix product costs anyway.</summary>
        public required double Call { get; init; }

        /// <summary>Share of the shorter of computing and reading weights that the longer one does not hide.</summary>
        public required double NotHidden { get; init; }

        /// <summary>Output channels of a matrix product.</summary>
        public required int Panel { get; init; }

        /// <summary>A tile that is not full costs as much as a full one.</summary>
        public required bool WholeTiles { get; init; }

        /// <summary>Weights that come from memory, bytes per nanosecond.</summary>
        public required double Memory { get; init; }

        /// <summary>Weights up to this stay in a cache from one inference to the next.</summary>
        public required long CachedBytes { get; init; }

        public required WinogradBlocking Blocking { get; init; }

        public static Rates Of(KernelTier tier) =>
            KernelTiers.Serves(KernelTiers.Avx512Bw, tier) ? Emitted
            : KernelTiers.Serves(KernelTiers.NeonDot, tier) ? CortexA76
            : KernelTiers.Serves(KernelTiers.Neon, tier) ? CortexA72 : Intrinsics;
    }
}
