using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Quantize;

/// <summary>The definition of float32 to float16 and back: .NET's conversion, number by number.</summary>
internal sealed unsafe class ConvertFp16Reference(ConvertFp16Problem problem) : PreparedKernel
{
    private readonly RowWalk _walk = new(problem.Shape, packed: false);

    public override string Name => nameof(ConvertFp16Reference);

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
        {
            byte* input = arena + _walk.Offset(problem.Input, run), output = arena + _walk.Offset(problem.Output, run);
            for (int i = 0; i < _walk.Length; i++)
            {
                if (problem.ToHalf) ((Half*)output)[i] = (Half)((float*)input)[i];
                else ((float*)output)[i] = (float)((Half*)input)[i];
            }
        }
    }
}
