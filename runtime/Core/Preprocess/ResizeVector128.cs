using System.Runtime.Intrinsics;

namespace ResNetEdge.Preprocess;

/// <summary>
/// The resize with 4 int32 lanes: a pixel of three channels takes one vector per tap, whose last lane is thrown away.
/// Integer sums, so the order of additions does not matter and the result is the reference's.
/// </summary>
internal unsafe class ResizeVector128 : ResizeKernel
{
    public static bool IsSupported => Vector128.IsHardwareAccelerated;

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
        Vector128<int> factor = Vector128.Create(weight);
        for (int i = 0; i < count; i += 8)
        {
            (Vector128<int> low, Vector128<int> high) = Widen(row + i);
            (Vector128.Load(sums + i) + (low * factor)).Store(sums + i);
            (Vector128.Load(sums + i + 4) + (high * factor)).Store(sums + i + 4);
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
        Vector128<ushort> narrow = Vector128.Narrow(value, value).AsUInt16();
        *(uint*)into = Vector128.Narrow(narrow, narrow).AsUInt32().ToScalar();
    }

    /// <summary>Eight taps at a time; those after the last have weight 0.</summary>
    private static byte GrayPixel(byte* first, int* tap, int count)
    {
        Vector128<int> sums = Vector128<int>.Zero;
        for (int k = 0; k < count; k += ResizeWeights.Multiple)
        {
            (Vector128<int> low, Vector128<int> high) = Widen(first + k);
            sums += (low * Vector128.Load(tap + k)) + (high * Vector128.Load(tap + k + 4));
        }

        return (byte)Math.Min((Vector128.Sum(sums) + ResizeWeights.Half) >> ResizeWeights.Precision, 255);
    }

    /// <summary>Eight bytes as two vectors.</summary>
    private static (Vector128<int> Low, Vector128<int> High) Widen(byte* bytes)
    {
        Vector128<ushort> wide = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)bytes).AsByte());
        return (Vector128.WidenLower(wide).AsInt32(), Vector128.WidenUpper(wide).AsInt32());
    }

    private static Vector128<int> Pixel(byte* pixel)
        => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(uint*)pixel).AsByte())).AsInt32();
}
