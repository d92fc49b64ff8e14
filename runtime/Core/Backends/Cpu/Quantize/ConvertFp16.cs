using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Quantize;

/// <summary>Float32 to float16 or back, a run at a time, in vectors; the same bits as the reference but for the payload of a not-a-number.</summary>
internal sealed unsafe class ConvertFp16(string name, ConvertFp16Problem problem) : PreparedKernel
{
    private readonly RowWalk _walk = new(problem.Shape, RowWalk.ArePacked(
        problem.Shape, (problem.Input, problem.ToHalf ? sizeof(float) : HalfNumbers.Size),
        (problem.Output, problem.ToHalf ? HalfNumbers.Size : sizeof(float))));

    public override string Name => name;

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
        {
            byte* input = arena + _walk.Offset(problem.Input, run), output = arena + _walk.Offset(problem.Output, run);
            if (problem.ToHalf) HalfNumbers.Narrow(new ReadOnlySpan<float>(input, _walk.Length), new Span<Half>(output, _walk.Length));
            else HalfNumbers.Widen(new ReadOnlySpan<Half>(input, _walk.Length), new Span<float>(output, _walk.Length));
        }
    }
}
