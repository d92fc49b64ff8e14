using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Quantize;

/// <summary>u8 → float32, eight elements at a time; equals the reference bit for bit.</summary>
internal sealed unsafe class DequantizeLinearAdvSimd(DequantizeLinearProblem problem) : PreparedKernel
{
    private const int Lanes = 8;
    private readonly RowWalk _walk = new(problem.Shape, RowWalk.ArePacked(problem.Shape, (problem.Input, 1), (problem.Output, 4)));

    public override string Name => nameof(DequantizeLinearAdvSimd);

    public override void Run(byte* arena, int part, int parts)
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        var zero = Vector64.Create(problem.ZeroPoint);
        var scale = Vector128.Create(problem.Scale);
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
        {
            byte* input = arena + _walk.Offset(problem.Input, run);
            float* output = (float*)(arena + _walk.Offset(problem.Output, run));
            int i = 0;
            for (; i <= _walk.Length - Lanes; i += Lanes)
            {
                var x = AdvSimd.SubtractWideningLower(Vector64.Load(input + i), zero).AsInt16();
                (AdvSimd.ConvertToSingle(AdvSimd.SignExtendWideningLower(x.GetLower())) * scale).Store(output + i);
                (AdvSimd.ConvertToSingle(AdvSimd.SignExtendWideningUpper(x)) * scale).Store(output + i + 4);
            }

            for (; i < _walk.Length; i++)
                output[i] = (input[i] - problem.ZeroPoint) * problem.Scale;
        }
    }
}
