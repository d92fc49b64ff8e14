using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Quantize;

/// <summary>
/// Float32 to float16 or back by the processor's own conversion; the same bits as the reference but for the payload of a not-a-number.
/// </summary>
internal sealed unsafe class ConvertFp16NeonHalf(ConvertFp16Problem problem) : PreparedKernel
{
    private readonly RowWalk _walk = new(problem.Shape, RowWalk.ArePacked(
        problem.Shape, (problem.Input, problem.ToHalf ? sizeof(float) : HalfNumbers.Size),
        (problem.Output, problem.ToHalf ? HalfNumbers.Size : sizeof(float))));

    public override string Name => nameof(ConvertFp16NeonHalf);

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        var args = new HalfLineArgs { Count = _walk.Length };
        for (int run = start; run < end; run++)
        {
            args.From = arena + _walk.Offset(problem.Input, run);
            args.To = arena + _walk.Offset(problem.Output, run);
            EmittedArm64.Call(problem.ToHalf ? KernelsArm64.ToHalf : KernelsArm64.ToFloat, &args);
        }
    }
}
