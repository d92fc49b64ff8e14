using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Epilogues;

/// <summary>The epilogue of eight channels of one pixel by AdvSimd; its constants are loaded once a tile and stay in registers.</summary>
internal readonly unsafe struct EpilogueInt8AdvSimd
{
    private const int Lanes = 8;
    private readonly Vector128<float> _residualScale, _floatLow, _floatHigh, _branchLow, _branchHigh, _branchScale;
    private readonly Vector128<short> _outputZeroPoint;
    private readonly Vector64<byte> _residualZeroPoint, _low, _high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EpilogueInt8AdvSimd(in ConvInt8Tile t)
    {
        _residualScale = Vector128.Create(t.ResidualScale);
        _floatLow = Vector128.Create(t.FloatLow);
        _floatHigh = Vector128.Create(t.FloatHigh);
        _branchLow = Vector128.Create(t.BranchLow);
        _branchHigh = Vector128.Create(t.BranchHigh);
        _branchScale = Vector128.Create(t.BranchScale);
        _outputZeroPoint = Vector128.Create((short)t.OutputZeroPoint);
        _residualZeroPoint = Vector64.Create((byte)t.ResidualZeroPoint);
        _low = Vector64.Create((byte)t.Low);
        _high = Vector64.Create((byte)t.High);
    }

    /// <summary>Scales eight sums, adds the residual, rounds and clamps as docs/int8-arithmetic.md says, and writes them.</summary>
    /// <param name="sums0">Channels 0-3.</param>
    /// <param name="sums1">Channels 4-7.</param>
    /// <param name="multiplier">[8].</param>
    /// <param name="output">u8, or float32 where <typeparamref name="TStore"/> keeps floats.</param>
    /// <param name="residual">u8; eight bytes are read (ReadSlack). Not touched without a shortcut.</param>
    /// <param name="count">Channels that exist; fewer than eight at the end of a panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<TShortcut, TStore>(Vector128<int> sums0, Vector128<int> sums1, float* multiplier, byte* output, byte* residual, int count)
        where TShortcut : struct, IShortcutInt8
        where TStore : struct, IStoreInt8
    {
        var f0 = Scale<TShortcut>(sums0, Vector128.Load(multiplier));
        var f1 = Scale<TShortcut>(sums1, Vector128.Load(multiplier + 4));
        if (TShortcut.HasResidual)
        {
            var r = AdvSimd.SubtractWideningLower(Vector64.Load(residual), _residualZeroPoint).AsInt16();
            f0 = AdvSimd.FusedMultiplyAdd(f0, AdvSimd.ConvertToSingle(AdvSimd.SignExtendWideningLower(r.GetLower())), _residualScale);
            f1 = AdvSimd.FusedMultiplyAdd(f1, AdvSimd.ConvertToSingle(AdvSimd.SignExtendWideningUpper(r)), _residualScale);
        }

        if (TStore.IsFloat)
        {
            LanesFp32AdvSimd.Store(LanesFp32AdvSimd.Clamp(f0, _floatLow, _floatHigh), (float*)output, count);
            LanesFp32AdvSimd.Store(LanesFp32AdvSimd.Clamp(f1, _floatLow, _floatHigh), (float*)output + 4, count - 4);
            return;
        }

        var words = AdvSimd.ExtractNarrowingSaturateUpper(
            AdvSimd.ExtractNarrowingSaturateLower(AdvSimd.ConvertToInt32RoundToEven(f0)), AdvSimd.ConvertToInt32RoundToEven(f1));
        var bytes = AdvSimd.ExtractNarrowingSaturateUnsignedLower(AdvSimd.AddSaturate(words, _outputZeroPoint));
        bytes = AdvSimd.Min(AdvSimd.Max(bytes, _low), _high);
        if (count >= Lanes)
            bytes.Store(output);
        else
            StoreSome(bytes.AsUInt64().ToScalar(), output, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Scale<TShortcut>(Vector128<int> sums, Vector128<float> multiplier) where TShortcut : struct, IShortcutInt8
    {
        if (!TShortcut.HasBranch)
            return AdvSimd.ConvertToSingle(sums) * multiplier;
        var rounding = Vector128.Create(Requantize.Rounding);
        var f = AdvSimd.FusedMultiplyAdd(rounding, AdvSimd.ConvertToSingle(sums), multiplier);
        return (AdvSimd.Min(AdvSimd.Max(f, _branchLow), _branchHigh) - rounding) * _branchScale;
    }

    /// <summary>Without a call: one here would keep the tile's accumulators on the stack through the inner loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSome(ulong bytes, byte* output, int count)
    {
        for (int i = 0; i < count; i++, bytes >>= 8)
            output[i] = (byte)bytes;
    }
}
