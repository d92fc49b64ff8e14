using System.Runtime.Intrinsics;

namespace ResNetEdge.Pixels.Frames;

/// <summary>One loader for each <see cref="YuvOrder"/>.</summary>
internal static unsafe class YuvPairs
{
    private static Vector128<byte> SwapBytes(Vector128<byte> bytes)
        => Vector128.Shuffle(bytes, Vector128.Create((byte)1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));

    /// <summary>First of one, first of the other, and so on: the lower and the upper half of each.</summary>
    private static (Vector128<byte> Lower, Vector128<byte> Upper) Zip(Vector128<byte> even, Vector128<byte> odd)
    {
        var (evenLow, evenHigh) = Vector128.Widen(even);
        var (oddLow, oddHigh) = Vector128.Widen(odd);
        return ((evenLow | (oddLow << 8)).AsByte(), (evenHigh | (oddHigh << 8)).AsByte());
    }

    /// <summary>Eight bytes in the lower half; the upper one means nothing.</summary>
    private static Vector128<byte> Load8Bytes(byte* from) => Vector128.CreateScalarUnsafe(*(ulong*)from).AsByte();

    internal readonly struct Yuyv : IYuvPairs
    {
        public static Vector128<byte> Load8(in YuvRow row, int x) => Vector128.Load(row.Y + (2L * x));

        public static Vector256<byte> Load16(in YuvRow row, int x) => Vector256.Load(row.Y + (2L * x));
    }

    internal readonly struct Uyvy : IYuvPairs
    {
        public static Vector128<byte> Load8(in YuvRow row, int x) => SwapBytes(Vector128.Load(row.Y + (2L * x)));

        public static Vector256<byte> Load16(in YuvRow row, int x) => Vector256.Create(Load8(row, x), Load8(row, x + 8));
    }

    internal readonly struct PairsUv : IYuvPairs
    {
        public static Vector128<byte> Load8(in YuvRow row, int x) => Zip(Load8Bytes(row.Y + x), Load8Bytes(row.Chroma + x)).Lower;

        public static Vector256<byte> Load16(in YuvRow row, int x)
        {
            var (lower, upper) = Zip(Vector128.Load(row.Y + x), Vector128.Load(row.Chroma + x));
            return Vector256.Create(lower, upper);
        }
    }

    internal readonly struct PairsVu : IYuvPairs
    {
        public static Vector128<byte> Load8(in YuvRow row, int x) => Zip(Load8Bytes(row.Y + x), SwapBytes(Load8Bytes(row.Chroma + x))).Lower;

        public static Vector256<byte> Load16(in YuvRow row, int x)
        {
            var (lower, upper) = Zip(Vector128.Load(row.Y + x), SwapBytes(Vector128.Load(row.Chroma + x)));
            return Vector256.Create(lower, upper);
        }
    }

    internal readonly struct Planes : IYuvPairs
    {
        public static Vector128<byte> Load8(in YuvRow row, int x)
        {
            var chroma = Zip(
                Vector128.CreateScalar(*(uint*)(row.Chroma + (x / 2))).AsByte(), Vector128.CreateScalar(*(uint*)(row.V + (x / 2))).AsByte()).Lower;
            return Zip(Load8Bytes(row.Y + x), chroma).Lower;
        }

        public static Vector256<byte> Load16(in YuvRow row, int x)
        {
            var chroma = Zip(Load8Bytes(row.Chroma + (x / 2)), Load8Bytes(row.V + (x / 2))).Lower;
            var (lower, upper) = Zip(Vector128.Load(row.Y + x), chroma);
            return Vector256.Create(lower, upper);
        }
    }
}
