using ResNetEdge.Backends.Cpu.Conv.Gathered;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>A matrix product: some pixels, gathered by <see cref="ActivationTiles"/>, with one panel of sixteen output channels.</summary>
internal unsafe struct ProductInt8
{
    /// <summary>[tile][depth / 16][4][16] s8.</summary>
    public sbyte* Inputs;

    /// <summary>As the instruction set packs a panel.</summary>
    public sbyte* Weights;

    /// <summary>[16], what sums start from.</summary>
    public int* Bias;

    /// <summary>Receives [pixel][16], whole tiles of it; lanes without a channel are undefined.</summary>
    public int* Sums;

    /// <summary>Products of an output element.</summary>
    public int Depth;

    public int Pixels;

    /// <summary>Channels of the panel that exist.</summary>
    public int Count;

    /// <summary>
    /// Two products s8 × s8 that are summed in 16 bits fit there: nowhere are both weights -128, and (127 + 128)·128 &lt; 2¹⁵.
    /// </summary>
    public bool PairsFit;

    /// <summary>[16 / 4][depth / 32] from <see cref="FoursInt8"/>, or null.</summary>
    public int* Fours;

    /// <summary>Tiles that are computed whole: of three at the end as well, with a copy of the first as the fourth.</summary>
    public readonly int WholeTiles => (Pixels + 1) / ActivationTiles.Pixels;

    /// <summary>One or two pixels behind the tiles, which are computed by themselves.</summary>
    public readonly int Singles => Pixels - WholeTiles * ActivationTiles.Pixels;
}
