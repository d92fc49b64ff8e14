using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Quantize;

/// <summary>float32 → u8, eight elements at a time; equals the reference bit for bit.</summary>
internal sealed unsafe class QuantizeLinearAdvSimd(QuantizeLinearProblem problem) : PreparedKernel
{
    private const int Lanes = 8;
    private readonly RowWalk _walk = new(problem.Shape, RowWalk.ArePacked(problem.Shape, (problem.Input, 4), (problem.Output, 1)));

    public override string Name => nameof(QuantizeLinearAdvSimd);

    public override void Run(byte* arena, int part, int parts)
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        var quantize = new QuantizeAdvSimd(problem.Scale, problem.ZeroPoint);
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
        {
            float* input = (float*)(arena + _walk.Offset(problem.Input, run));
            byte* output = arena + _walk.Offset(problem.Output, run);
            int i = 0;
            for (; i <= _walk.Length - Lanes; i += Lanes)
            {
                Vector128<int> q0 = quantize.Apply(Vector128.Load(input + i)), q1 = quantize.Apply(Vector128.Load(input + i + 4));
                var words = AdvSimd.ExtractNarrowingSaturateUpper(AdvSimd.ExtractNarrowingSaturateLower(q0), q1);
                AdvSimd.ExtractNarrowingSaturateUnsignedLower(words).Store(output + i);
            }

            for (; i < _walk.Length; i++)
                output[i] = Requantize.Quantize(input[i], problem.Scale, problem.ZeroPoint);
        }
    }
}
