using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Pool;

/// <summary>
/// Average of each u8 window, eight channels at a time; the last eight of a pixel overlap the ones before. Equals the reference bit for bit.
/// </summary>
internal sealed unsafe class AveragePoolInt8Avx2(AveragePoolProblem problem) : PreparedKernel
{
    private const int Lanes = 8;

    public override string Name => nameof(AveragePoolInt8Avx2);

    public override void Run(byte* arena, int part, int parts)
    {
        var s = problem.Shape;
        var (start, end) = KernelPart.Range(s.Output.Rows, part, parts);
        for (int row = start; row < end; row++)
        {
            int image = row / s.OutputHeight, y = row % s.OutputHeight;
            var taps = s.TapRows(y);
            byte* lines = arena + problem.Input.Offset + image * problem.Input.ImageStride
                + (long)(y * s.StrideHeight - s.PadTop + taps.First * s.DilationHeight) * problem.Input.RowStride;
            byte* output = arena + problem.Output.Offset + image * problem.Output.ImageStride + (long)y * problem.Output.RowStride;
            for (int x = 0; x < s.OutputWidth; x++, output += problem.Output.PixelStride)
            {
                var columns = s.TapColumns(x);
                byte* window = lines + (long)(x * s.StrideWidth - s.PadLeft + columns.First * s.DilationWidth) * problem.Input.PixelStride;
                Pixel(window, taps.End - taps.First, columns.End - columns.First, output);
            }
        }
    }

    private void Pixel(byte* window, int rows, int columns, byte* output)
    {
        float multiplier = problem.MultiplierFor(problem.Count(rows, columns));
        int last = problem.Shape.Channels - Lanes;
        for (int c = 0; c < last; c += Lanes)
            Store(Sum(window + c, rows, columns), multiplier, output + c);
        Store(Sum(window + last, rows, columns), multiplier, output + last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Sum(byte* window, int rows, int columns)
    {
        long down = (long)problem.Shape.DilationHeight * problem.Input.RowStride,
            right = (long)problem.Shape.DilationWidth * problem.Input.PixelStride;
        var sum = Vector256.Create(-rows * columns * problem.InputZeroPoint);
        for (int y = 0; y < rows; y++, window += down)
        {
            byte* x = window;
            for (int i = 0; i < columns; i++, x += right)
                sum += Avx2.ConvertToVector256Int32(x);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(Vector256<int> sum, float multiplier, byte* output)
    {
        var rounded = Avx.ConvertToVector256Int32(Avx.ConvertToVector256Single(sum) * Vector256.Create(multiplier));
        var words = Sse2.PackSignedSaturate(rounded.GetLower(), rounded.GetUpper());
        words = Sse2.AddSaturate(words, Vector128.Create((short)problem.OutputZeroPoint));
        var bytes = Sse2.PackUnsignedSaturate(words, words);
        bytes = Sse2.Min(Sse2.Max(bytes, Vector128.Create(problem.Low)), Vector128.Create(problem.High));
        *(ulong*)output = bytes.AsUInt64().ToScalar();
    }

    /// <summary>A pixel must fill a vector.</summary>
    public static bool CanRun(AveragePoolProblem problem) => problem.Type == Model.ElementType.UInt8 && problem.Shape.Channels >= Lanes;
}
