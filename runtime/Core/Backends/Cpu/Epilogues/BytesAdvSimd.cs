using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace ResNetEdge.Backends.Cpu.Epilogues;

/// <summary>Sixteen channels of one pixel as bytes: the residual that is read and the result that is written.</summary>
/// <typeparam name="TRange">What bytes a result can be.</typeparam>
internal readonly unsafe struct BytesAdvSimd<TRange> where TRange : struct, IByteRange
{
    private readonly Vector128<short> _outputZeroPoint;
    private readonly Vector128<byte> _low, _high;
    private readonly Vector64<byte> _residualZeroPoint;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BytesAdvSimd(in FinishInt8 t)
    {
        _outputZeroPoint = Vector128.Create((short)t.OutputZeroPoint);
        (_low, _high) = (Vector128.Create((byte)t.Low), Vector128.Create((byte)t.High));
        _residualZeroPoint = Vector64.Create((byte)t.ResidualZeroPoint);
    }

    /// <summary>f = fma(r - zeroPoint, scale, f); sixteen bytes are read (ReadSlack).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddResidual(
        byte* residual, Vector128<float> scale, ref Vector128<float> f0, ref Vector128<float> f1, ref Vector128<float> f2, ref Vector128<float> f3)
    {
        Vector64<byte> low = Vector64.Load(residual), high = Vector64.Load(residual + 8);
        var r0 = AdvSimd.SubtractWideningLower(low, _residualZeroPoint).AsInt16();
        var r1 = AdvSimd.SubtractWideningLower(high, _residualZeroPoint).AsInt16();
        f1 = AdvSimd.FusedMultiplyAdd(f1, AdvSimd.ConvertToSingle(AdvSimd.SignExtendWideningUpper(r0)), scale);
        f0 = AdvSimd.FusedMultiplyAdd(f0, AdvSimd.ConvertToSingle(AdvSimd.SignExtendWideningLower(r0.GetLower())), scale);
        f3 = AdvSimd.FusedMultiplyAdd(f3, AdvSimd.ConvertToSingle(AdvSimd.SignExtendWideningUpper(r1)), scale);
        f2 = AdvSimd.FusedMultiplyAdd(f2, AdvSimd.ConvertToSingle(AdvSimd.SignExtendWideningLower(r1.GetLower())), scale);
    }

    /// <summary>The saturating steps of docs/int8-arithmetic.md, from rounded numbers in 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Vector128<short> words0, Vector128<short> words1, byte* output, int count)
    {
        if (!TRange.IsWhole)
        {
            words0 = AdvSimd.AddSaturate(words0, _outputZeroPoint);
            words1 = AdvSimd.AddSaturate(words1, _outputZeroPoint);
        }

        var bytes = AdvSimd.ExtractNarrowingSaturateUnsignedUpper(AdvSimd.ExtractNarrowingSaturateUnsignedLower(words0), words1);
        if (!TRange.IsWhole)
            bytes = AdvSimd.Min(AdvSimd.Max(bytes, _low), _high);
        if (count == FinishInt8.Lanes)
            bytes.Store(output);
        else
            StoreSome(bytes, output, count);
    }

    /// <summary>Without a call: one here would keep the constants on the stack through the loop.</summary>
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
