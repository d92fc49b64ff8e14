using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Pool;

/// <summary>
/// Average of each u8 window, eight channels at a time; the last eight of a pixel overlap the ones before. Equals the reference bit for bit.
/// </summary>
internal sealed unsafe class AveragePoolInt8AdvSimd(AveragePoolProblem problem) : PoolKernel(problem.Shape, problem.Input, problem.Output)
{
    private const int Lanes = 8;

    public override string Name => nameof(AveragePoolInt8AdvSimd);

    /// <summary>A pixel must fill a vector.</summary>
    public static bool CanRun(AveragePoolProblem problem) => problem.Type == Model.ElementType.UInt8 && problem.Shape.Channels >= Lanes;

    protected override void Pixel(byte* window, int rows, int columns, byte* output)
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        float multiplier = problem.MultiplierFor(problem.Count(rows, columns));
        int last = problem.Shape.Channels - Lanes;
        for (int c = 0; c < last; c += Lanes)
            Eight(window + c, rows, columns, multiplier, output + c);
        Eight(window + last, rows, columns, multiplier, output + last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Eight(byte* window, int rows, int columns, float multiplier, byte* output)
    {
        Vector128<int> s0 = Vector128.Create(-rows * columns * problem.InputZeroPoint), s1 = s0;
        for (int y = 0; y < rows; y++, window += Down)
        {
            byte* x = window;
            for (int i = 0; i < columns; i++, x += Right)
            {
                var words = AdvSimd.ZeroExtendWideningLower(Vector64.Load(x)).AsInt16();
                s0 = AdvSimd.AddWideningLower(s0, words.GetLower());
                s1 = AdvSimd.AddWideningUpper(s1, words);
            }
        }

        var q0 = AdvSimd.ConvertToInt32RoundToEven(AdvSimd.ConvertToSingle(s0) * Vector128.Create(multiplier));
        var q1 = AdvSimd.ConvertToInt32RoundToEven(AdvSimd.ConvertToSingle(s1) * Vector128.Create(multiplier));
        var narrow = AdvSimd.ExtractNarrowingSaturateUpper(AdvSimd.ExtractNarrowingSaturateLower(q0), q1);
        var bytes = AdvSimd.ExtractNarrowingSaturateUnsignedLower(AdvSimd.AddSaturate(narrow, Vector128.Create((short)problem.OutputZeroPoint)));
        AdvSimd.Min(AdvSimd.Max(bytes, Vector64.Create(problem.Low)), Vector64.Create(problem.High)).Store(output);
    }
}
