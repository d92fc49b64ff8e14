using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Quantize;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Layout;

/// <summary>
/// A picture of one to four channels quantised into pixels of four bytes, eight pixels at a time: the first step of most
/// int8 networks that are fed floats. Equals the reference bit for bit; bytes beyond the channels keep their value.
/// </summary>
internal sealed unsafe class NchwToNhwcAvx2(NchwToNhwcProblem problem) : PreparedKernel
{
    private const int Lanes = 8, PixelBytes = 4;

    public override string Name => nameof(NchwToNhwcAvx2);

    public static bool CanRun(NchwToNhwcProblem problem) =>
        problem is { InputType: ElementType.Float32, OutputType: ElementType.UInt8 } && problem.Shape.Channels <= PixelBytes
            && problem.Output.PixelStride == PixelBytes;

    public override void Run(byte* arena, int part, int parts)
    {
        var s = problem.Shape;
        float* input = (float*)(arena + problem.InputOffset);
        var (start, end) = KernelPart.Range(s.Rows, part, parts);
        for (int row = start; row < end; row++)
        {
            int image = row / s.Height, y = row % s.Height;
            byte* output = arena + problem.Output.Offset + image * problem.Output.ImageStride + (long)y * problem.Output.RowStride;
            Row(input + ((long)image * s.Channels * s.Height + y) * s.Width, output);
        }
    }

    private void Row(float* line, byte* output)
    {
        var s = problem.Shape;
        long plane = (long)s.Height * s.Width;
        var quantize = new QuantizeAvx2(problem.Scale, problem.ZeroPoint);
        uint kept = s.Channels == PixelBytes ? 0 : uint.MaxValue << (8 * s.Channels);
        int x = 0;
        for (; x <= s.Width - Lanes; x += Lanes)
        {
            var pixels = Vector256.Load((uint*)output + x).AsInt32() & Vector256.Create(kept).AsInt32();
            for (int c = 0; c < s.Channels; c++)
                pixels |= Avx2.ShiftLeftLogicalVariable(quantize.Apply(Vector256.Load(line + c * plane + x)), Vector256.Create((uint)(8 * c)));
            pixels.AsUInt32().Store((uint*)output + x);
        }

        for (; x < s.Width; x++)
        {
            for (int c = 0; c < s.Channels; c++)
                output[x * PixelBytes + c] = Requantize.Quantize(line[c * plane + x], problem.Scale, problem.ZeroPoint);
        }
    }
}
