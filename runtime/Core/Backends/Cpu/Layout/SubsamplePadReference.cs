using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Layout;

/// <summary>Copies and fills pixel by pixel; spans make it as fast as memory, so no other kernel is needed.</summary>
internal sealed unsafe class SubsamplePadReference(SubsamplePadProblem problem) : PreparedKernel
{
    public override string Name => nameof(SubsamplePadReference);

    public override void Run(byte* arena, int part, int parts)
    {
        int size = problem.Type.KernelSize(), front = problem.PadFront * size, kept = problem.Input.Channels * size;
        byte fill = problem.Type == ElementType.UInt8 ? problem.ZeroPoint : (byte)0;
        var output = problem.Output;
        var (start, end) = KernelPart.Range(output.Rows, part, parts);
        for (int row = start; row < end; row++)
        {
            int image = row / output.Height, y = row % output.Height;
            byte* from = arena + problem.From.Offset + image * problem.From.ImageStride + (long)y * problem.StrideHeight * problem.From.RowStride;
            byte* to = arena + problem.To.Offset + image * problem.To.ImageStride + (long)y * problem.To.RowStride;
            for (int x = 0; x < output.Width; x++)
            {
                var pixel = new Span<byte>(to + (long)x * problem.To.PixelStride, problem.OutputChannels * size);
                pixel[..front].Fill(fill);
                new ReadOnlySpan<byte>(from + (long)x * problem.StrideWidth * problem.From.PixelStride, kept).CopyTo(pixel[front..]);
                pixel[(front + kept)..].Fill(fill);
            }
        }
    }
}
