using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Pool;

/// <summary>Average of each float window, four channels at a time in the reference's order of summation, so that it equals it bit for bit.</summary>
internal sealed unsafe class AveragePoolFp32AdvSimd(AveragePoolProblem problem) : PoolKernel(problem.Shape, problem.Input, problem.Output)
{
    private const int Lanes = 4;

    public override string Name => nameof(AveragePoolFp32AdvSimd);

    /// <summary>A pixel must fill a vector.</summary>
    public static bool CanRun(AveragePoolProblem problem) => problem.Type == Model.ElementType.Float32 && problem.Shape.Channels >= Lanes;

    protected override void Pixel(byte* window, int rows, int columns, byte* output)
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        var count = Vector128.Create((float)problem.Count(rows, columns));
        int last = problem.Shape.Channels - Lanes;
        for (int c = 0; c < last; c += Lanes)
            (Sum((float*)window + c, rows, columns) / count).Store((float*)output + c);
        (Sum((float*)window + last, rows, columns) / count).Store((float*)output + last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Sum(float* window, int rows, int columns)
    {
        var sum = Vector128<float>.Zero;
        byte* line = (byte*)window;
        for (int y = 0; y < rows; y++, line += Down)
        {
            byte* x = line;
            for (int i = 0; i < columns; i++, x += Right)
                sum += Vector128.Load((float*)x);
        }

        return sum;
    }
}
