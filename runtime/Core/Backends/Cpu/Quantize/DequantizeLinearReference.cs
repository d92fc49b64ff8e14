using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Quantize;

/// <summary>The definition of dequantising: exact difference, one rounded product.</summary>
internal sealed unsafe class DequantizeLinearReference(DequantizeLinearProblem problem) : PreparedKernel
{
    private readonly RowWalk _walk = new(problem.Shape, packed: false);

    public override string Name => nameof(DequantizeLinearReference);

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
        {
            byte* input = arena + _walk.Offset(problem.Input, run);
            float* output = (float*)(arena + _walk.Offset(problem.Output, run));
            for (int i = 0; i < _walk.Length; i++)
                output[i] = (input[i] - problem.ZeroPoint) * problem.Scale;
        }
    }
}
