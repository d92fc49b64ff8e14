using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Epilogues;

/// <summary>
/// The epilogue of sixteen channels a pixel by AdvSimd: scales, adds the residual, rounds and clamps as docs/int8-arithmetic.md says. Its
/// constants are loaded once for a rectangle of pixels and stay in registers.
/// </summary>
internal static unsafe class EpilogueInt8AdvSimd
{
    /// <summary>The epilogue of a problem.</summary>
    /// <param name="p">A checked problem.</param>
    /// <param name="small">The sums are below 2²² and carry <see cref="FinishInt8.SmallSum"/>; see <see cref="SumRange.IsSmall"/>.</param>
    public static delegate*<in FinishInt8, void> Of(ConvInt8Problem p, bool small)
    {
        if (p.FloatOutput)
            return p.Residual is null ? &Finish<NoShortcutInt8, StoreFp32, AnyRange>
                : p.Branch is null ? &Finish<AddShortcutInt8, StoreFp32, AnyRange> : &Finish<AddToBranchInt8, StoreFp32, AnyRange>;
        bool isWhole = p is { OutputZeroPoint: 0, Low: 0, High: byte.MaxValue };
        if (small && isWhole)
            return p.Residual is null ? &FinishSmall<NoShortcutInt8, WholeRange> : &FinishSmall<AddShortcutInt8, WholeRange>;
        if (small)
            return p.Residual is null ? &FinishSmall<NoShortcutInt8, AnyRange> : &FinishSmall<AddShortcutInt8, AnyRange>;
        if (isWhole && p.Branch is not null)
            return &Finish<AddToBranchInt8, StoreUInt8, WholeRange>;
        return p.Residual is null ? &Finish<NoShortcutInt8, StoreUInt8, AnyRange>
            : p.Branch is null ? &Finish<AddShortcutInt8, StoreUInt8, AnyRange> : &Finish<AddToBranchInt8, StoreUInt8, AnyRange>;
    }

    private static void Finish<TShortcut, TStore, TRange>(in FinishInt8 t)
        where TShortcut : struct, IShortcutInt8
        where TStore : struct, IStoreInt8
        where TRange : struct, IByteRange
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        var end = new BytesAdvSimd<TRange>(in t);
        var branch = new BranchAdvSimd(in t);
        Vector128<float> low = Vector128.Create(t.FloatLow), high = Vector128.Create(t.FloatHigh), scale = Vector128.Create(t.ResidualScale);
        Vector128<float> m0 = Vector128.Load(t.Multiplier), m1 = Vector128.Load(t.Multiplier + 4),
            m2 = Vector128.Load(t.Multiplier + 8), m3 = Vector128.Load(t.Multiplier + 12);
        int count = t.Count;
        long pixelStride = t.PixelStride, residualStride = t.ResidualPixelStride;
        for (int y = 0; y < t.Height; y++)
        {
            int* sums = t.Sums + y * t.SumRow;
            byte* output = t.Output + y * t.RowStride, residual = t.Residual + y * t.ResidualRowStride;
            for (int x = t.Width; x != 0; x--, sums += FinishInt8.Lanes, output += pixelStride, residual += residualStride)
            {
                var f0 = branch.Scale<TShortcut>(AdvSimd.ConvertToSingle(Vector128.Load(sums)), m0);
                var f1 = branch.Scale<TShortcut>(AdvSimd.ConvertToSingle(Vector128.Load(sums + 4)), m1);
                var f2 = branch.Scale<TShortcut>(AdvSimd.ConvertToSingle(Vector128.Load(sums + 8)), m2);
                var f3 = branch.Scale<TShortcut>(AdvSimd.ConvertToSingle(Vector128.Load(sums + 12)), m3);
                if (TShortcut.HasResidual)
                    end.AddResidual(residual, scale, ref f0, ref f1, ref f2, ref f3);
                if (TStore.IsFloat)
                {
                    LanesFp32AdvSimd.Store(LanesFp32AdvSimd.Clamp(f0, low, high), (float*)output, count);
                    LanesFp32AdvSimd.Store(LanesFp32AdvSimd.Clamp(f1, low, high), (float*)output + 4, count - 4);
                    LanesFp32AdvSimd.Store(LanesFp32AdvSimd.Clamp(f2, low, high), (float*)output + 8, count - 8);
                    LanesFp32AdvSimd.Store(LanesFp32AdvSimd.Clamp(f3, low, high), (float*)output + 12, count - 12);
                    continue;
                }

                var words0 = AdvSimd.ExtractNarrowingSaturateUpper(
                    AdvSimd.ExtractNarrowingSaturateLower(AdvSimd.ConvertToInt32RoundToEven(f0)), AdvSimd.ConvertToInt32RoundToEven(f1));
                var words1 = AdvSimd.ExtractNarrowingSaturateUpper(
                    AdvSimd.ExtractNarrowingSaturateLower(AdvSimd.ConvertToInt32RoundToEven(f2)), AdvSimd.ConvertToInt32RoundToEven(f3));
                end.Store(words0, words1, output, count);
            }
        }
    }

    /// <summary>
    /// The same bits where sums are below 2²² and results below 2¹⁵: adding and subtracting 1.5·2²³ converts both ways, by instructions that run
    /// on every vector pipe.
    /// </summary>
    private static void FinishSmall<TShortcut, TRange>(in FinishInt8 t)
        where TShortcut : struct, IShortcutInt8
        where TRange : struct, IByteRange
    {
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        var end = new BytesAdvSimd<TRange>(in t);
        Vector128<float> magic = Vector128.Create(t.Rounding), scale = Vector128.Create(t.ResidualScale);
        Vector128<float> m0 = Vector128.Load(t.Multiplier), m1 = Vector128.Load(t.Multiplier + 4),
            m2 = Vector128.Load(t.Multiplier + 8), m3 = Vector128.Load(t.Multiplier + 12);
        int count = t.Count;
        long pixelStride = t.PixelStride, residualStride = t.ResidualPixelStride;
        for (int y = 0; y < t.Height; y++)
        {
            float* sums = (float*)(t.Sums + y * t.SumRow);
            byte* output = t.Output + y * t.RowStride, residual = t.Residual + y * t.ResidualRowStride;
            for (int x = t.Width; x != 0; x--, sums += FinishInt8.Lanes, output += pixelStride, residual += residualStride)
            {
                var f0 = (Vector128.Load(sums) - magic) * m0;
                var f1 = (Vector128.Load(sums + 4) - magic) * m1;
                var f2 = (Vector128.Load(sums + 8) - magic) * m2;
                var f3 = (Vector128.Load(sums + 12) - magic) * m3;
                if (TShortcut.HasResidual)
                    end.AddResidual(residual, scale, ref f0, ref f1, ref f2, ref f3);
                // The lower halves of the rounded floats are the whole numbers.
                var words0 = AdvSimd.Arm64.UnzipEven((f0 + magic).AsInt16(), (f1 + magic).AsInt16());
                var words1 = AdvSimd.Arm64.UnzipEven((f2 + magic).AsInt16(), (f3 + magic).AsInt16());
                end.Store(words0, words1, output, count);
            }
        }
    }

    /// <summary><see cref="Requantize.Branch"/>.</summary>
    private readonly struct BranchAdvSimd
    {
        private readonly Vector128<float> _low, _high, _scale, _rounding;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public BranchAdvSimd(in FinishInt8 t) =>
            (_low, _high, _scale, _rounding) =
                (Vector128.Create(t.BranchLow), Vector128.Create(t.BranchHigh), Vector128.Create(t.BranchScale), Vector128.Create(t.Rounding));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector128<float> Scale<TShortcut>(Vector128<float> sums, Vector128<float> multiplier) where TShortcut : struct, IShortcutInt8
        {
            if (!TShortcut.HasBranch)
                return sums * multiplier;
            var f = AdvSimd.FusedMultiplyAdd(_rounding, sums, multiplier);
            return (AdvSimd.Min(AdvSimd.Max(f, _low), _high) - _rounding) * _scale;
        }
    }
}
