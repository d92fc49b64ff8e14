namespace ResNetEdge.Backends.Cpu.Conv.Fp32;

/// <summary>
/// The inner part of an intrinsic fp32 convolution: some pixels × 16 channels. A struct type parameter of <see cref="ConvFp32Panels{TTile}"/>.
/// </summary>
internal unsafe interface IConvFp32Tile
{
    /// <summary>Pixels of a tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Sums and stores the tile's <see cref="ConvFp32Tile.Rows"/> pixels.</summary>
    /// <param name="t">What it reads and writes.</param>
    /// <param name="w">The panel's weights, [tap][TapLength][16].</param>
    static abstract void Run(in ConvFp32Tile t, float* w);
}
