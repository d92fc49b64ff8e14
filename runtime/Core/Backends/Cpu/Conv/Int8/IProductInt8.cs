using ResNetEdge.Backends.Cpu.Packing;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// An instruction set's product of gathered activations with one panel of weights. A struct type parameter of
/// <see cref="ConvInt8Gathered{TProduct}"/>.
/// </summary>
internal unsafe interface IProductInt8
{
    /// <summary>Packed weights of a panel of sixteen channels, in bytes.</summary>
    /// <param name="depth">Products of an output element.</param>
    static abstract long PanelBytes(int depth);

    /// <summary>Packs ONNX's order, panel after panel.</summary>
    static abstract NativeBlock<sbyte> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels);

    /// <summary>What <see cref="ProductInt8.PairsFit"/> is to be.</summary>
    /// <param name="packed">All panels.</param>
    static virtual bool PairsFit(NativeBlock<sbyte> packed) => false;

    /// <summary>What <see cref="ProductInt8.Fours"/> is to be, panel after panel; null for a product that does not ask.</summary>
    /// <param name="packed">All panels.</param>
    /// <param name="depth">Products of an output element.</param>
    static virtual NativeBlock<int>? Fours(NativeBlock<sbyte> packed, int depth) => null;

    /// <summary>The sums of the product's pixels.</summary>
    static abstract void Multiply(in ProductInt8 p);
}
