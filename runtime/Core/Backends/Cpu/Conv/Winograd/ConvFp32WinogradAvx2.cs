using ResNetEdge.Backends.Cpu.Conv.Fp32;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>Winograd's method whose products are the tile of <see cref="ConvFp32Avx2"/>; transforms by AVX2.</summary>
internal sealed unsafe class ConvFp32WinogradAvx2(ConvFp32WinogradProblem problem)
    : ConvFp32Winograd(problem, ConvFp32Avx2.PanelWidth, WinogradTransform.Of(problem.Outputs), WinogradBlocking.X86)
{
    public override string Name => nameof(ConvFp32WinogradAvx2);

    protected override void Multiply(in WinogradProduct p)
    {
        var tile = new ConvFp32Tile
        {
            Taps = 1,
            TapLength = p.Channels,
            OutputStride = p.Width * sizeof(float),
            Low = float.NegativeInfinity,
            High = float.PositiveInfinity,
            Count = p.Width,
            Bias = Zeros.Data,
        };
        for (int i = 0; i < p.Count; i++)
        {
            tile.Input = (byte*)(p.Inputs + i * p.InputPitch);
            for (int row = 0; row < p.Tiles; row += ConvFp32Avx2.TileRows)
            {
                tile.Rows = Math.Min(ConvFp32Avx2.TileRows, p.Tiles - row);
                tile.Offsets = Rows.Data + row;
                tile.Output = (byte*)(p.Products + i * p.ProductPitch) + row * tile.OutputStride;
                ConvFp32Avx2.Tile(in tile, p.Weights + i * p.WeightPitch);
            }
        }
    }
}
