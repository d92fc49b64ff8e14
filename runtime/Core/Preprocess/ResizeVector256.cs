using System.Runtime.Intrinsics;

namespace ResNetEdge.Preprocess;

/// <summary>
/// The resize with 8 int32 lanes along a row; a pixel of three channels takes one 4 lane vector per tap, whose last lane is thrown away.
/// Integer sums, so the order of additions does not matter and the result is the reference's.
/// </summary>
internal sealed unsafe class ResizeVector256 : ResizeKernel
{
    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    public override void ResizeRow(byte* row, int channels, ResizeWeights weights, int length, byte* into)
    {
        fixed (int* taps = weights.Weights)
        fixed (int* first = weights.First)
        fixed (int* count = weights.Count)
        {
            for (int i = 0; i < length; i++)
            {
                int* tap = taps + (i * weights.Stride);
                if (channels == 3)
                {
                    StorePixel(row + ((long)first[i] * 3), tap, count[i], into + (i * 3));
                }
                else
                {
                    into[i] = GrayPixel(row + first[i], tap, count[i]);
                }
            }
        }
    }

    public override void AddRow(byte* row, int count, int weight, int* sums)
    {
        Vector256<int> factor = Vector256.Create(weight);
        for (int i = 0; i < count; i += 16)
        {
            Vector256<ushort> wide = Vector256.WidenLower(Vector128.Load(row + i).ToVector256Unsafe());
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(wide);
            (Vector256.Load(sums + i) + (low.AsInt32() * factor)).Store(sums + i);
            (Vector256.Load(sums + i + 8) + (high.AsInt32() * factor)).Store(sums + i + 8);
        }
    }

    /// <summary>Writes the pixel's three bytes and one that the next pixel replaces.</summary>
    private static void StorePixel(byte* first, int* tap, int count, byte* into)
    {
        Vector128<int> even = Vector128.Create(ResizeWeights.Half);
        Vector128<int> odd = Vector128<int>.Zero;
        int k = 0;
        for (; k + 1 < count; k += 2)
        {
            even += Pixel(first + (3 * k)) * Vector128.Create(tap[k]);
            odd += Pixel(first + (3 * k) + 3) * Vector128.Create(tap[k + 1]);
        }

        if (k < count)
        {
            even += Pixel(first + (3 * k)) * Vector128.Create(tap[k]);
        }

        Vector128<int> value = Vector128.Min((even + odd) >> ResizeWeights.Precision, Vector128.Create(255));
        Vector128<short> narrow = Vector128.Narrow(value, value);
        *(uint*)into = Vector128.Narrow(narrow.AsUInt16(), narrow.AsUInt16()).AsUInt32().ToScalar();
    }

    private static byte GrayPixel(byte* first, int* tap, int count)
    {
        Vector256<int> sums = Vector256<int>.Zero;
        for (int k = 0; k < count; k += ResizeWeights.Multiple)
        {
            Vector128<ushort> wide = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)(first + k)).AsByte());
            sums += Vector256.WidenLower(wide.ToVector256Unsafe()).AsInt32() * Vector256.Load(tap + k);
        }

        return (byte)Math.Min((Vector256.Sum(sums) + ResizeWeights.Half) >> ResizeWeights.Precision, 255);
    }

    private static Vector128<int> Pixel(byte* pixel)
        => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(uint*)pixel).AsByte())).AsInt32();
}
