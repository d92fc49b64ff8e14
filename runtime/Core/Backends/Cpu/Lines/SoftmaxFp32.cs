using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>
/// Softmax of each pixel's channels in three walks: largest, exponentials, quotients. Only the sum is float64. A result is within 3 units of its last
/// place and, as x - max is rounded too, |x - max|/2 further ones. A NaN makes all of a line NaN, and so does an infinite largest value.
/// </summary>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
/// <typeparam name="TSums">How it sums; all give the same bits.</typeparam>
internal sealed unsafe class SoftmaxFp32<TLanes, TSums>(string name, SoftmaxFp32Problem problem) : PreparedKernel
    where TLanes : struct, IFloatLanes<TLanes>
    where TSums : struct, ILineSums
{
    private readonly RowWalk _walk = new(problem.Shape, packed: false);

    public override string Name => name;

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
            SoftmaxLine<TLanes, TSums>.Run(
                (float*)(arena + _walk.Offset(problem.Input, run)), (float*)(arena + _walk.Offset(problem.Output, run)), _walk.Length);
    }
}
