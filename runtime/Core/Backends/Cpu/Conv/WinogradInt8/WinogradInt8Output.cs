using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradInt8;

/// <summary>
/// Aᵀ M A of one tile and panel: rows (1, 1, 1, 1, 1, 0), (0, 1, -1, 2, -2, 0), (0, 1, 1, 4, 4, 0), (0, 1, -1, 8, -8, 4). Then the factor 9 is
/// divided out and the bias added, all modulo 2³²: what is left is <see cref="WinogradInt8Bounds.Scale"/> times the sum.
/// </summary>
internal static unsafe class WinogradInt8Output
{
    private const int Side = WinogradInt8Layout.Inputs, Outputs = WinogradInt8Layout.Outputs, Lanes = WinogradInt8Layout.Lanes, Vector = 4;

    /// <param name="products">[36] of the tile, sixteen lanes each.</param>
    /// <param name="pitch">Bytes from one product to the next.</param>
    /// <param name="bias">[16], times <see cref="WinogradInt8Bounds.Scale"/>.</param>
    /// <param name="sums">Receives [4][4][16].</param>
    [SkipLocalsInit]
    public static void Transform(byte* products, nint pitch, int* bias, int* sums)
    {
        int* rows = stackalloc int[Outputs * Side * Vector];
        var inverse = Vector128.Create(WinogradInt8Bounds.InverseOfNine);
        for (int lane = 0; lane < Lanes; lane += Vector, products += Vector * sizeof(int), sums += Vector)
        {
            byte* m = products;
            for (int x = 0; x < Side; x++, m += pitch)
            {
                var (y0, y1, y2, y3) = Line(
                    Load(m), Load(m + Side * pitch), Load(m + 2 * Side * pitch), Load(m + 3 * Side * pitch), Load(m + 4 * Side * pitch),
                    Load(m + 5 * Side * pitch));
                int* to = rows + x * Vector;
                y0.Store(to);
                y1.Store(to + Side * Vector);
                y2.Store(to + 2 * Side * Vector);
                y3.Store(to + 3 * Side * Vector);
            }

            var start = Vector128.Load(bias + lane);
            int* row = rows, sum = sums;
            for (int y = 0; y < Outputs; y++, row += Side * Vector, sum += Outputs * Lanes)
            {
                var (y0, y1, y2, y3) = Line(
                    Vector128.Load(row), Vector128.Load(row + 4), Vector128.Load(row + 8), Vector128.Load(row + 12), Vector128.Load(row + 16),
                    Vector128.Load(row + 20));
                Add(start, y0, inverse).Store(sum);
                Add(start, y1, inverse).Store(sum + Lanes);
                Add(start, y2, inverse).Store(sum + 2 * Lanes);
                Add(start, y3, inverse).Store(sum + 3 * Lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Add(Vector128<int> start, Vector128<int> y, Vector128<int> inverse) =>
        AdvSimd.IsSupported ? AdvSimd.MultiplyAdd(start, y, inverse) : start + y * inverse;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Load(byte* m) => Vector128.Load((int*)m);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<int> Y0, Vector128<int> Y1, Vector128<int> Y2, Vector128<int> Y3) Line(
        Vector128<int> m0, Vector128<int> m1, Vector128<int> m2, Vector128<int> m3, Vector128<int> m4, Vector128<int> m5)
    {
        Vector128<int> sum = m1 + m2, difference = m1 - m2, farSum = m3 + m4, farDifference = m3 - m4, twice = farDifference + farDifference;
        return (m0 + sum + farSum, difference + twice, sum + (farSum << 2), difference + ((twice + m5) << 2));
    }
}
