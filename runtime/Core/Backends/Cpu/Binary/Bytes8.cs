using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Unary;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Binary;

/// <summary>Eight bytes; needs AVX2.</summary>
internal readonly unsafe struct Bytes8 : IByteLanes<Float32x8>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x8 Load(byte* from) => new(Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(from)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float32x8 values, Float32x8 low, Float32x8 high, int zeroPoint, byte* to)
    {
        var f = Avx.Min(Avx.Max(values.Value, low.Value), high.Value); // Of a NaN and a number the second.
        var whole = Avx.ConvertToVector256Int32(f) + Vector256.Create(zeroPoint); // Rounds to nearest even.
        var words = Sse2.PackSignedSaturate(whole.GetLower(), whole.GetUpper());
        *(ulong*)to = Sse2.PackUnsignedSaturate(words, words).AsUInt64().ToScalar();
    }
}
