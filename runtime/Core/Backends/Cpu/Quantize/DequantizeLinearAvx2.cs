using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Quantize;

/// <summary>u8 → float32, eight elements at a time; equals the reference bit for bit.</summary>
internal sealed unsafe class DequantizeLinearAvx2(DequantizeLinearProblem problem) : PreparedKernel
{
    private const int Lanes = 8;
    private readonly RowWalk _walk = new(problem.Shape, RowWalk.ArePacked(problem.Shape, (problem.Input, 1), (problem.Output, 4)));

    public override string Name => nameof(DequantizeLinearAvx2);

    public override void Run(byte* arena, int part, int parts)
    {
        var zero = Vector256.Create((int)problem.ZeroPoint);
        var scale = Vector256.Create(problem.Scale);
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
        {
            byte* input = arena + _walk.Offset(problem.Input, run);
            float* output = (float*)(arena + _walk.Offset(problem.Output, run));
            int i = 0;
            for (; i <= _walk.Length - Lanes; i += Lanes)
                (Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(input + i) - zero) * scale).Store(output + i);
            for (; i < _walk.Length; i++)
                output[i] = (input[i] - problem.ZeroPoint) * problem.Scale;
        }
    }
}
