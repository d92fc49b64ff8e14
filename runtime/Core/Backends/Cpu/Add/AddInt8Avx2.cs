using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Add;

/// <summary>
/// Quantised add, 16 elements at a time; equals the reference bit for bit. The tail is the
/// reference, since an in-place add must not run twice over an element.
/// </summary>
internal sealed unsafe class AddInt8Avx2(AddInt8Problem problem) : PreparedKernel
{
    private const int Lanes = 16;
    private readonly RowWalk _walk = new(problem.Shape, RowWalk.ArePacked(problem.Shape, (problem.Left, 1), (problem.Right, 1), (problem.Output, 1)));

    public override string Name => nameof(AddInt8Avx2);

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
            Run(arena + _walk.Offset(problem.Left, run), arena + _walk.Offset(problem.Right, run), arena + _walk.Offset(problem.Output, run));
    }

    private void Run(byte* left, byte* right, byte* output)
    {
        int i = 0;
        for (; i <= _walk.Length - Lanes; i += Lanes)
        {
            var words = Avx2.PackSignedSaturate(Sum(left + i, right + i), Sum(left + i + 8, right + i + 8));
            words = Avx2.AddSaturate(words, Vector256.Create((short)problem.OutputZeroPoint));
            words = Avx2.Permute4x64(words.AsInt64(), 0b11_01_10_00).AsInt16();
            var bytes = Sse2.PackUnsignedSaturate(words.GetLower(), words.GetUpper());
            Sse2.Min(Sse2.Max(bytes, Vector128.Create(problem.Low)), Vector128.Create(problem.High)).Store(output + i);
        }

        AddInt8Reference.Elements(left, right, output, i, _walk.Length, problem);
    }

    /// <summary>Eight sums, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Sum(byte* left, byte* right)
    {
        var a = Avx2.Subtract(Avx2.ConvertToVector256Int32(left), Vector256.Create((int)problem.LeftZeroPoint));
        var b = Avx2.Subtract(Avx2.ConvertToVector256Int32(right), Vector256.Create((int)problem.RightZeroPoint));
        var f = Avx.ConvertToVector256Single(a) * Vector256.Create(problem.LeftMultiplier);
        return Avx.ConvertToVector256Int32(Fma.MultiplyAdd(Avx.ConvertToVector256Single(b), Vector256.Create(problem.RightMultiplier), f));
    }
}
