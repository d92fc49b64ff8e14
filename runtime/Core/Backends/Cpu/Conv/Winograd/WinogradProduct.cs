namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>Matrix products of one block of tiles with one panel: <see cref="Count"/> times [Tiles][Channels] × [Channels][Width].</summary>
internal unsafe struct WinogradProduct
{
    /// <summary>
    /// [product], <see cref="InputPitch"/> elements apart: [tile][channel], tiles <see cref="TilePitch"/> apart, as the block receives them.
    /// </summary>
    public float* Inputs;

    /// <summary>[product], <see cref="WeightPitch"/> elements apart: [channel][width], in strips.</summary>
    public float* Weights;

    /// <summary>Receives [product], <see cref="ProductPitch"/> elements apart: [tile][width].</summary>
    public float* Products;

    public nint TilePitch;

    public long InputPitch, WeightPitch, ProductPitch;

    public int Count, Tiles, Channels, Width;
}
