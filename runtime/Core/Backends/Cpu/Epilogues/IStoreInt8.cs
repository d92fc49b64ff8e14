using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Conv.Int8;

namespace ResNetEdge.Backends.Cpu.Epilogues;

/// <summary>What becomes of sixteen finished sums. A struct type parameter: inlined.</summary>
internal unsafe interface IStoreInt8
{
    /// <summary>The result stays float32: a constant, for kernels that store by instructions of their own.</summary>
    static abstract bool IsFloat { get; }

    /// <summary>Writes the panel's <see cref="ConvInt8Tile.Count"/> channels of one pixel.</summary>
    static abstract void Store(Vector256<float> f0, Vector256<float> f1, byte* output, in ConvInt8Tile tile);
}

/// <summary>Rounds to u8: the saturating steps of docs/int8-arithmetic.md.</summary>
internal readonly unsafe struct StoreUInt8 : IStoreInt8
{
    public static bool IsFloat => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> f0, Vector256<float> f1, byte* output, in ConvInt8Tile tile)
    {
        var words = Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(f0), Avx.ConvertToVector256Int32(f1)); // Rounds to nearest even.
        words = Avx2.AddSaturate(words, Vector256.Create((short)tile.OutputZeroPoint));
        words = Avx2.Permute4x64(words.AsInt64(), 0b11_01_10_00).AsInt16();
        var bytes = Sse2.PackUnsignedSaturate(words.GetLower(), words.GetUpper());
        bytes = Sse2.Min(Sse2.Max(bytes, Vector128.Create((byte)tile.Low)), Vector128.Create((byte)tile.High));
        if (tile.Count == Vector128<byte>.Count)
            bytes.Store(output);
        else
            StoreSome(bytes, output, tile.Count);
    }

    /// <summary>Inlined without a call: a call here would keep the tile's accumulators on the stack through the inner loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSome(Vector128<byte> bytes, byte* output, int count)
    {
        ulong rest = bytes.AsUInt64().ToScalar(), upper = bytes.AsUInt64().GetElement(1);
        for (int i = 0; i < count; i++)
        {
            if (i == 8)
                rest = upper;
            output[i] = (byte)rest;
            rest >>= 8;
        }
    }
}

/// <summary>Clamps and keeps float32.</summary>
internal readonly unsafe struct StoreFp32 : IStoreInt8
{
    public static bool IsFloat => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> f0, Vector256<float> f1, byte* output, in ConvInt8Tile tile)
    {
        var low = Vector256.Create(tile.FloatLow);
        var high = Vector256.Create(tile.FloatHigh);
        StoreSome(Avx.Min(high, Avx.Max(low, f0)), (float*)output, tile.Count);
        StoreSome(Avx.Min(high, Avx.Max(low, f1)), (float*)output + 8, tile.Count - 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSome(Vector256<float> f, float* output, int count)
    {
        if (count >= Vector256<float>.Count)
            f.Store(output);
        else if (count > 0)
            Avx.MaskStore(output, Vector256.GreaterThan(Vector256.Create(count), Vector256<int>.Indices).AsSingle(), f);
    }
}
