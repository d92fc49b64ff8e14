using System.Runtime.Intrinsics;

namespace ResNetEdge.Preprocess;

/// <summary>
/// As <see cref="ResizeVector128"/>, with 8 int32 lanes where rows are added up; along x a pixel has too few channels for more than 4.
/// </summary>
internal unsafe class ResizeVector256 : ResizeVector128
{
    public static new bool IsSupported => Vector256.IsHardwareAccelerated;

    public override void AddRow(byte* row, int count, int weight, int* sums)
    {
        Vector256<int> factor = Vector256.Create(weight);
        for (int i = 0; i < count; i += 16)
        {
            Vector128<byte> bytes = Vector128.Load(row + i);
            Vector256<ushort> wide = Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(wide);
            (Vector256.Load(sums + i) + (low.AsInt32() * factor)).Store(sums + i);
            (Vector256.Load(sums + i + 8) + (high.AsInt32() * factor)).Store(sums + i + 8);
        }
    }
}
