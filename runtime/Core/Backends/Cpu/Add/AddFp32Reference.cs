using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Add;

/// <summary>clamp(left + right); one rounding, so that every kernel equals it bit for bit.</summary>
internal sealed unsafe class AddFp32Reference(AddFp32Problem problem) : PreparedKernel
{
    private readonly RowWalk _walk = new(problem.Shape, packed: false);

    public override string Name => nameof(AddFp32Reference);

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
        {
            float* left = (float*)(arena + _walk.Offset(problem.Left, run));
            float* right = (float*)(arena + _walk.Offset(problem.Right, run));
            float* output = (float*)(arena + _walk.Offset(problem.Output, run));
            for (int i = 0; i < _walk.Length; i++)
                output[i] = Requantize.Clamp(left[i] + right[i], problem.Low, problem.High);
        }
    }
}
