using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNetEdge.Backends.Cpu.Conv.Gathered;

/// <summary>What becomes of activations while they are gathered. A struct type parameter: inlined.</summary>
internal interface IGatheredBytes
{
    /// <summary>Sixteen bytes.</summary>
    static abstract Vector128<byte> Of(Vector128<byte> bytes);
}

/// <summary>Floats stay as they are.</summary>
internal readonly struct SameBytes : IGatheredBytes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Of(Vector128<byte> bytes) => bytes;
}

/// <summary>u8 becomes s8 by x ^ 0x80 = x - 128.</summary>
internal readonly struct SignedBytes : IGatheredBytes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Of(Vector128<byte> bytes) => bytes ^ Vector128.Create((byte)0x80);
}
