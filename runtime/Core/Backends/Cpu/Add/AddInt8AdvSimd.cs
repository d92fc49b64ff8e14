using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Add;

/// <summary>
/// Quantised add, eight elements at a time; equals the reference bit for bit. The tail is the
/// reference, since an in-place add must not run twice over an element.
/// </summary>
internal sealed unsafe class AddInt8AdvSimd(AddInt8Problem problem) : PreparedKernel
{
    private const int Lanes = 8;
    private readonly RowWalk _walk = new(problem.Shape, RowWalk.ArePacked(problem.Shape, (problem.Left, 1), (problem.Right, 1), (problem.Output, 1)));

    public override string Name => nameof(AddInt8AdvSimd);

    public override void Run(byte* arena, int part, int parts)
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
            Elements(arena + _walk.Offset(problem.Left, run), arena + _walk.Offset(problem.Right, run), arena + _walk.Offset(problem.Output, run));
    }

    private void Elements(byte* left, byte* right, byte* output)
    {
        Vector128<float> ma = Vector128.Create(problem.LeftMultiplier), mb = Vector128.Create(problem.RightMultiplier);
        Vector64<byte> za = Vector64.Create(problem.LeftZeroPoint), zb = Vector64.Create(problem.RightZeroPoint);
        Vector64<byte> low = Vector64.Create(problem.Low), high = Vector64.Create(problem.High);
        var zero = Vector128.Create((short)problem.OutputZeroPoint);
        int i = 0;
        for (; i <= _walk.Length - Lanes; i += Lanes)
        {
            var a = AdvSimd.SubtractWideningLower(Vector64.Load(left + i), za).AsInt16();
            var b = AdvSimd.SubtractWideningLower(Vector64.Load(right + i), zb).AsInt16();
            var q0 = Sum(AdvSimd.SignExtendWideningLower(a.GetLower()), AdvSimd.SignExtendWideningLower(b.GetLower()), ma, mb);
            var q1 = Sum(AdvSimd.SignExtendWideningUpper(a), AdvSimd.SignExtendWideningUpper(b), ma, mb);
            var words = AdvSimd.AddSaturate(AdvSimd.ExtractNarrowingSaturateUpper(AdvSimd.ExtractNarrowingSaturateLower(q0), q1), zero);
            AdvSimd.Min(AdvSimd.Max(AdvSimd.ExtractNarrowingSaturateUnsignedLower(words), low), high).Store(output + i);
        }

        AddInt8Reference.Elements(left, right, output, i, _walk.Length, problem);
    }

    /// <summary>Four sums, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Sum(Vector128<int> a, Vector128<int> b, Vector128<float> ma, Vector128<float> mb) =>
        AdvSimd.ConvertToInt32RoundToEven(AdvSimd.FusedMultiplyAdd(AdvSimd.ConvertToSingle(a) * ma, AdvSimd.ConvertToSingle(b), mb));
}
