using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Quantize;

/// <summary>float32 → u8, eight elements at a time; equals the reference bit for bit.</summary>
internal sealed unsafe class QuantizeLinearAvx2(QuantizeLinearProblem problem) : PreparedKernel
{
    private const int Lanes = 8;
    private readonly RowWalk _walk = new(problem.Shape, RowWalk.ArePacked(problem.Shape, (problem.Input, 4), (problem.Output, 1)));

    public override string Name => nameof(QuantizeLinearAvx2);

    public override void Run(byte* arena, int part, int parts)
    {
        var quantize = new QuantizeAvx2(problem.Scale, problem.ZeroPoint);
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
        {
            float* input = (float*)(arena + _walk.Offset(problem.Input, run));
            byte* output = arena + _walk.Offset(problem.Output, run);
            int i = 0;
            for (; i <= _walk.Length - Lanes; i += Lanes)
            {
                var q = quantize.Apply(Vector256.Load(input + i));
                var words = Sse2.PackSignedSaturate(q.GetLower(), q.GetUpper());
                *(ulong*)(output + i) = Sse2.PackUnsignedSaturate(words, words).AsUInt64().ToScalar();
            }

            for (; i < _walk.Length; i++)
                output[i] = Requantize.Quantize(input[i], problem.Scale, problem.ZeroPoint);
        }
    }
}
