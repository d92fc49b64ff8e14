using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Add;

/// <summary>Float add and clamp, eight elements at a time; equals the reference bit for bit.</summary>
internal sealed unsafe class AddFp32Avx2(AddFp32Problem problem) : PreparedKernel
{
    private const int Lanes = 8;
    private readonly RowWalk _walk = new(problem.Shape, RowWalk.ArePacked(problem.Shape, (problem.Left, 4), (problem.Right, 4), (problem.Output, 4)));

    public override string Name => nameof(AddFp32Avx2);

    public override void Run(byte* arena, int part, int parts)
    {
        Vector256<float> low = Vector256.Create(problem.Low), high = Vector256.Create(problem.High);
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
        {
            float* left = (float*)(arena + _walk.Offset(problem.Left, run));
            float* right = (float*)(arena + _walk.Offset(problem.Right, run));
            float* output = (float*)(arena + _walk.Offset(problem.Output, run));
            int i = 0;
            for (; i <= _walk.Length - Lanes; i += Lanes)
                Avx.Min(high, Avx.Max(low, Vector256.Load(left + i) + Vector256.Load(right + i))).Store(output + i);
            for (; i < _walk.Length; i++)
                output[i] = Requantize.Clamp(left[i] + right[i], problem.Low, problem.High);
        }
    }
}
