using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Add;

/// <summary>clamp(left + right) of float16: the sum in float32, one rounding, so that every kernel equals it bit for bit.</summary>
internal sealed unsafe class AddFp16Reference(AddFp16Problem problem) : PreparedKernel
{
    private readonly RowWalk _walk = new(problem.Shape, packed: false);

    public override string Name => nameof(AddFp16Reference);

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
        {
            Half* left = (Half*)(arena + _walk.Offset(problem.Left, run));
            Half* right = (Half*)(arena + _walk.Offset(problem.Right, run));
            Half* output = (Half*)(arena + _walk.Offset(problem.Output, run));
            for (int i = 0; i < _walk.Length; i++)
                output[i] = (Half)Requantize.Clamp((float)left[i] + (float)right[i], problem.Low, problem.High);
        }
    }
}
