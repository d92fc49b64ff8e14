using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradRows;

/// <summary>
/// Transformed weights: [strip of 16][point][filter row][phase][channel][lane], without phases for the last point; lanes without a channel are zero.
/// </summary>
internal static unsafe class RowsWeights
{
    /// <summary>Elements of a strip.</summary>
    public static long StripElements(ConvShape s) => Strip * (long)s.KernelHeight * s.InputChannels * (2 * Shared + 1);

    private const int Strip = Emit.ProductArgs.Columns, Shared = RowsTransform.SharedPoints, Taps = RowsTransform.Taps;

    /// <param name="weights">[outputChannels][inputChannels][kernelHeight][7].</param>
    /// <param name="s">The convolution.</param>
    /// <param name="strips">Output channels, 16 lanes each.</param>
    public static NativeBlock<float> Pack(ReadOnlySpan<float> weights, ConvShape s, ConvPanel[] strips)
    {
        var packed = new NativeBlock<float>(strips.Length * StripElements(s));
        Span<float> even = stackalloc float[RowsTransform.Points], odd = stackalloc float[Shared];
        int channels = s.InputChannels, row = 2 * channels * Strip, point = s.KernelHeight * row;
        for (int strip = 0; strip < strips.Length; strip++)
        {
            float* to = packed.Data + strip * StripElements(s);
            for (int lane = 0; lane < strips[strip].Count; lane++, to++)
            {
                for (int i = 0; i < channels * s.KernelHeight; i++)
                {
                    var (c, y) = Math.DivRem(i, s.KernelHeight);
                    int filter = (strips[strip].First + lane) * channels * s.KernelHeight + i;
                    RowsTransform.Weights(weights.Slice(filter * Taps, Taps), even, odd);
                    float* first = to + y * row + c * Strip;
                    for (int p = 0; p < Shared; p++)
                        (first[p * point], first[p * point + channels * Strip]) = (even[p], odd[p]);
                    to[Shared * point + y * row / 2 + c * Strip] = even[Shared];
                }
            }
        }

        return packed;
    }
}
