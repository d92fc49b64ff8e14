using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Epilogues;

/// <summary>Finishes sums that lie in memory, by AVX2: the counterpart of <see cref="EpilogueInt8AdvSimd"/>.</summary>
internal static unsafe class EpilogueInt8Avx2
{
    /// <summary>The epilogue of a problem.</summary>
    public static delegate*<in FinishInt8, void> Of(ConvInt8Problem p) => (p.FloatOutput, p.Residual, p.Branch) switch
    {
        (true, null, _) => &Finish<NoShortcutInt8, StoreFp32>,
        (true, _, null) => &Finish<AddShortcutInt8, StoreFp32>,
        (true, _, _) => &Finish<AddToBranchInt8, StoreFp32>,
        (false, null, _) => &Finish<NoShortcutInt8, StoreUInt8>,
        (false, _, null) => &Finish<AddShortcutInt8, StoreUInt8>,
        _ => &Finish<AddToBranchInt8, StoreUInt8>,
    };

    private static void Finish<TShortcut, TStore>(in FinishInt8 t)
        where TShortcut : struct, IShortcutInt8
        where TStore : struct, IStoreInt8
    {
        // Constant on Arm64: the rest is then no part of the program.
        if (!Avx2.IsSupported)
            throw new PlatformNotSupportedException();

        var tile = new ConvInt8Tile
        {
            Count = t.Count,
            OutputZeroPoint = t.OutputZeroPoint,
            Low = t.Low,
            High = t.High,
            FloatLow = t.FloatLow,
            FloatHigh = t.FloatHigh,
            ResidualZeroPoint = t.ResidualZeroPoint,
            ResidualScale = t.ResidualScale,
            BranchLow = t.BranchLow,
            BranchHigh = t.BranchHigh,
            BranchScale = t.BranchScale,
        };
        Vector256<float> m0 = Vector256.Load(t.Multiplier), m1 = Vector256.Load(t.Multiplier + 8);
        for (int y = 0; y < t.Height; y++)
        {
            int* sums = t.Sums + y * t.SumRow;
            byte* output = t.Output + y * t.RowStride, residual = t.Residual + y * t.ResidualRowStride;
            for (int x = 0; x < t.Width; x++, sums += FinishInt8.Lanes, output += t.PixelStride, residual += t.ResidualPixelStride)
            {
                var f0 = TShortcut.Add(TShortcut.Scale(Vector256.Load(sums), m0, in tile), residual, in tile);
                var f1 = TShortcut.Add(TShortcut.Scale(Vector256.Load(sums + 8), m1, in tile), residual + 8, in tile);
                TStore.Store(f0, f1, output, in tile);
            }
        }
    }
}
