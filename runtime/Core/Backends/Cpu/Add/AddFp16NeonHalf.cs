using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Add;

/// <summary>Add and clamp in half precision by machine code; equals the reference but for the sign of a zero at a bound of zero.</summary>
internal sealed unsafe class AddFp16NeonHalf(AddFp16Problem problem) : PreparedKernel
{
    private readonly RowWalk _walk = new(problem.Shape, RowWalk.ArePacked(
        problem.Shape, (problem.Left, HalfNumbers.Size), (problem.Right, HalfNumbers.Size), (problem.Output, HalfNumbers.Size)));

    public override string Name => nameof(AddFp16NeonHalf);

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        var args = new HalfAddArgs { Count = _walk.Length, Low = HalfVector.Of(problem.Low), High = HalfVector.Of(problem.High) };
        for (int run = start; run < end; run++)
        {
            args.Left = arena + _walk.Offset(problem.Left, run);
            args.Right = arena + _walk.Offset(problem.Right, run);
            args.Output = arena + _walk.Offset(problem.Output, run);
            EmittedArm64.Call(KernelsArm64.HalfAdd, &args);
        }
    }
}
