using System.Runtime.Intrinsics;

namespace ResNetEdge.Pixels.Frames;

/// <summary>Brings pixels of one order into the order Y0 U Y1 V, a vector at a time; the loops take it as a type argument.</summary>
internal unsafe interface IYuvPairs
{
    /// <summary>Eight pixels.</summary>
    /// <param name="row">Where they lie.</param>
    /// <param name="x">First pixel, even.</param>
    static abstract Vector128<byte> Load8(in YuvRow row, int x);

    /// <summary>Sixteen pixels.</summary>
    /// <inheritdoc cref="Load8"/>
    static abstract Vector256<byte> Load16(in YuvRow row, int x);
}
