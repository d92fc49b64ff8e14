using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Quantize;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Layout;

/// <summary>
/// A picture of one to four channels quantised into pixels of four bytes, four pixels at a time: the first step of most
/// int8 networks that are fed floats. Equals the reference bit for bit; bytes beyond the channels keep their value.
/// </summary>
internal sealed unsafe class NchwToNhwcAdvSimd(NchwToNhwcProblem problem) : PreparedKernel
{
    private const int Lanes = 4, PixelBytes = 4;

    public override string Name => nameof(NchwToNhwcAdvSimd);

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
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        var s = problem.Shape;
        long plane = (long)s.Height * s.Width;
        var quantize = new QuantizeAdvSimd(problem.Scale, problem.ZeroPoint);
        var kept = Vector128.Create(s.Channels == PixelBytes ? 0 : uint.MaxValue << (8 * s.Channels)).AsInt32();
        int x = 0;
        for (; x <= s.Width - Lanes; x += Lanes)
        {
            var pixels = Vector128.Load((int*)output + x) & kept;
            for (int c = 0; c < s.Channels; c++)
                pixels |= AdvSimd.ShiftLogical(quantize.Apply(Vector128.Load(line + c * plane + x)), Vector128.Create(8 * c));
            pixels.Store((int*)output + x);
        }

        for (; x < s.Width; x++)
        {
            for (int c = 0; c < s.Channels; c++)
                output[x * PixelBytes + c] = Requantize.Quantize(line[c * plane + x], problem.Scale, problem.ZeroPoint);
        }
    }
}
