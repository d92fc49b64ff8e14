using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Arm64;

/// <summary>The reference, and then one step too much in the last byte of the output.</summary>
internal sealed unsafe class FlawedConvInt8(ConvInt8Problem problem) : PreparedKernel
{
    private readonly ConvInt8Reference _reference = new(problem);

    public override string Name => nameof(FlawedConvInt8);

    public override void Run(byte* arena, int part, int parts)
    {
        _reference.Run(arena, part, parts);
        long last = (problem.Shape.Pixels - 1L) * problem.Output.PixelStride + (problem.Shape.OutputChannels * (problem.FloatOutput ? 4 : 1)) - 1;
        arena[problem.Output.Offset + last]++;
    }
}
