using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Backends.Cpu.Emit;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>
/// Winograd's method whose products are 512-bit FMA, the machine code of <see cref="ConvFp32Avx512"/>; transforms in machine code too.
/// </summary>
internal sealed unsafe class ConvFp32WinogradAvx512(ConvFp32WinogradProblem problem)
    : ConvFp32Winograd(problem, WidestPanel(problem), new WinogradAvx512(problem.Outputs), WinogradBlocking.X86)
{
    /// <summary>
    /// Weights of one product and panel larger than this do not stay in a first-level cache of 48 KiB between two tiles of rows; half as many
    /// lanes with twice the rows then win: 14x14x256 412 against 450 µs, 7x7x512 by 2×2 700 against 780 µs (Zen 5).
    /// </summary>
    private const int WidePanelBytes = 40 << 10;

    private const int WideTileRows = 6;

    public override string Name => nameof(ConvFp32WinogradAvx512);

    private static int WidestPanel(ConvFp32WinogradProblem problem)
    {
        int tiles = new WinogradLayout(problem.Conv.Shape, WinogradTransform.Of(problem.Outputs), WinogradBlocking.X86).Tiles;
        return tiles > WideTileRows && problem.Conv.Shape.InputChannels * 64 * sizeof(float) > WidePanelBytes ? 32 : 64;
    }

    protected override void Multiply(in WinogradProduct p)
    {
        int blocks = (p.Channels + 3) / 4, skip = blocks * 4 - p.Channels;
        var entries = TileSet.Fp32Streamed(p.Width);
        Span<TileRun> runs = stackalloc TileRun[TileSet.MostRuns];
        runs = runs[..TileSet.Cut(p.Tiles, entries, p.Width, runs)];
        var args = new ConvArgs
        {
            Bias = Zeros.Data,
            OutputStride = p.Width * sizeof(float),
            Ahead = p.WeightPitch * sizeof(float),
            Mask = ulong.MaxValue >> (64 - p.Width),
            Taps = 1,
            Blocks = blocks,
            Skip = skip,
            Low = BitConverter.SingleToInt32Bits(float.NegativeInfinity),
        };
        *(float*)args.High = float.PositiveInfinity;
        for (int i = 0; i < p.Count; i++)
        {
            args.Offsets = Rows.Data;
            args.Base = (byte*)(p.Inputs + i * p.InputPitch - skip);
            args.Weights = p.Weights + i * p.WeightPitch;
            args.Output = (byte*)(p.Products + i * p.ProductPitch);
            foreach (var run in runs)
            {
                args.Tiles = run.Tiles;
                ((delegate* unmanaged<ConvArgs*, void>)EmittedCode.At(entries[run.Rows]))(&args);
                args.Offsets += run.Rows * run.Tiles;
                args.Output += run.Rows * run.Tiles * args.OutputStride;
            }
        }
    }
}
