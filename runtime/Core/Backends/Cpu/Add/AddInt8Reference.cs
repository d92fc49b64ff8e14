using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Add;

/// <summary>The definition of the quantised add; see <see cref="AddInt8Problem"/>.</summary>
internal sealed unsafe class AddInt8Reference(AddInt8Problem problem) : PreparedKernel
{
    private readonly RowWalk _walk = new(problem.Shape, packed: false);

    public override string Name => nameof(AddInt8Reference);

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
        {
            Elements(arena + _walk.Offset(problem.Left, run), arena + _walk.Offset(problem.Right, run), arena + _walk.Offset(problem.Output, run),
                0, _walk.Length, problem);
        }
    }

    /// <summary>Elements <paramref name="from"/> to <paramref name="to"/>; also the tail of the vector kernels.</summary>
    internal static void Elements(byte* left, byte* right, byte* output, int from, int to, AddInt8Problem p)
    {
        for (int i = from; i < to; i++)
        {
            float f = (left[i] - p.LeftZeroPoint) * p.LeftMultiplier;
            f = MathF.FusedMultiplyAdd(right[i] - p.RightZeroPoint, p.RightMultiplier, f);
            output[i] = Requantize.ToUInt8(f, p.OutputZeroPoint, p.Low, p.High);
        }
    }
}
