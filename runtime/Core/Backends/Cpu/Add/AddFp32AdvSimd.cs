using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Add;

/// <summary>Float add and clamp, four elements at a time; equals the reference bit for bit.</summary>
internal sealed unsafe class AddFp32AdvSimd(AddFp32Problem problem) : PreparedKernel
{
    private const int Lanes = 4;
    private readonly RowWalk _walk = new(problem.Shape, RowWalk.ArePacked(problem.Shape, (problem.Left, 4), (problem.Right, 4), (problem.Output, 4)));

    public override string Name => nameof(AddFp32AdvSimd);

    public override void Run(byte* arena, int part, int parts)
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        Vector128<float> low = Vector128.Create(problem.Low), high = Vector128.Create(problem.High);
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
        {
            float* left = (float*)(arena + _walk.Offset(problem.Left, run));
            float* right = (float*)(arena + _walk.Offset(problem.Right, run));
            float* output = (float*)(arena + _walk.Offset(problem.Output, run));
            int i = 0;
            for (; i <= _walk.Length - Lanes; i += Lanes)
                LanesFp32AdvSimd.Clamp(Vector128.Load(left + i) + Vector128.Load(right + i), low, high).Store(output + i);
            for (; i < _walk.Length; i++)
                output[i] = Requantize.Clamp(left[i] + right[i], problem.Low, problem.High);
        }
    }
}
