using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Quantize;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Preprocess;

/// <summary>
/// Writes one row of one channel, already normalised, into an engine's picture: quantised if it wants u8, at whatever pixel stride.
/// </summary>
internal static unsafe class PlanarRow
{
    private const int Lanes = 8;

    /// <summary>Writes a row; u8 as <see cref="Requantize.Quantize"/> says, bit for bit.</summary>
    /// <param name="values">[Width].</param>
    /// <param name="to">Element (c, y, 0) of <paramref name="image"/>.</param>
    /// <param name="image">Type, pixel stride, steps.</param>
    /// <param name="channel">Whose steps.</param>
    public static void Write(ReadOnlySpan<float> values, byte* to, in InputBuffer image, int channel)
    {
        long stride = image.PixelStride;
        int x = 0;
        if (image.Type == ElementType.Float32)
        {
            for (; x < values.Length; x++, to += stride) *(float*)to = values[x];
            return;
        }

        var (scale, zeroPoint) = (image.Steps!.Scales[channel], image.Steps.ZeroPoints[channel]);
        if (Avx2.IsSupported)
        {
            var quantize = new QuantizeAvx2(scale, zeroPoint);
            for (; x <= values.Length - Lanes; x += Lanes)
            {
                var q = quantize.Apply(Vector256.Create(values[x..]));
                var words = Sse2.PackSignedSaturate(q.GetLower(), q.GetUpper());
                ulong bytes = Sse2.PackUnsignedSaturate(words, words).AsUInt64().ToScalar();
                for (int lane = 0; lane < Lanes; lane++, to += stride, bytes >>= 8) *to = (byte)bytes;
            }
        }

        else if (AdvSimd.Arm64.IsSupported)
        {
            var quantize = new QuantizeAdvSimd(scale, zeroPoint);
            for (; x <= values.Length - Lanes; x += Lanes)
            {
                Vector128<int> q0 = quantize.Apply(Vector128.Create(values[x..])), q1 = quantize.Apply(Vector128.Create(values[(x + 4)..]));
                var words = AdvSimd.ExtractNarrowingSaturateUpper(AdvSimd.ExtractNarrowingSaturateLower(q0), q1);
                ulong bytes = AdvSimd.ExtractNarrowingSaturateUnsignedLower(words).AsUInt64().ToScalar();
                for (int lane = 0; lane < Lanes; lane++, to += stride, bytes >>= 8) *to = (byte)bytes;
            }
        }

        for (; x < values.Length; x++, to += stride) *to = Requantize.Quantize(values[x], scale, zeroPoint);
    }
}
