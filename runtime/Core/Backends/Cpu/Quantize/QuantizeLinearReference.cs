using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Quantize;

/// <summary>The definition of quantising; see <see cref="Requantize.Quantize"/>.</summary>
internal sealed unsafe class QuantizeLinearReference(QuantizeLinearProblem problem) : PreparedKernel
{
    private readonly RowWalk _walk = new(problem.Shape, packed: false);

    public override string Name => nameof(QuantizeLinearReference);

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
        {
            float* input = (float*)(arena + _walk.Offset(problem.Input, run));
            byte* output = arena + _walk.Offset(problem.Output, run);
            for (int i = 0; i < _walk.Length; i++)
                output[i] = Requantize.Quantize(input[i], problem.Scale, problem.ZeroPoint);
        }
    }
}
