using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// The inner part of an intrinsic int8 convolution: some pixels × 16 channels. A struct type parameter of
/// <see cref="ConvInt8Panels{TTile, TWeight}"/>.
/// </summary>
/// <typeparam name="TWeight">Element of the packed weights.</typeparam>
internal unsafe interface IConvInt8Tile<TWeight> : IPackInt8<TWeight> where TWeight : unmanaged
{
    /// <summary>Pixels of a tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Sums and stores the tile's <see cref="ConvInt8Tile.Rows"/> pixels.</summary>
    /// <param name="t">What it reads and writes.</param>
    /// <param name="w">The panel's weights.</param>
    static abstract void Run<TShortcut, TStore>(in ConvInt8Tile t, TWeight* w)
        where TShortcut : struct, IShortcutInt8
        where TStore : struct, IStoreInt8;
}
