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
            Line((float*)(arena + _walk.Offset(problem.Input, run)), (float*)(arena + _walk.Offset(problem.Output, run)), _walk.Length);
    }

    private static void Line(float* x, float* y, int count)
    {
        var function = new ShiftedExponential(Largest(x, count));
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            function.Apply(TLanes.Load(x + i)).Store(y + i);
        for (; i < count; i++)
            function.Apply(Float32x1.Load(x + i)).Store(y + i);
        double factor = 1 / TSums.Sum(y, count);
        TLanes lanes = TLanes.Of(factor);
        for (i = 0; i <= count - TLanes.Count; i += TLanes.Count)
            (TLanes.Load(y + i) * lanes).Store(y + i);
        for (; i < count; i++)
            y[i] *= (float)factor;
    }

    // A NaN is not larger than anything; its exponential carries it into the sum.
    private static float Largest(float* x, int count)
    {
        float largest = float.NegativeInfinity;
        int i = 0;
        if (count >= TLanes.Count)
        {
            TLanes lanes = TLanes.Of(double.NegativeInfinity);
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                TLanes next = TLanes.Load(x + i);
                lanes = TLanes.IfLess(lanes, next, next, lanes);
            }

            float* each = stackalloc float[TLanes.Count];
            lanes.Store(each);
            for (int lane = 0; lane < TLanes.Count; lane++)
                largest = largest < each[lane] ? each[lane] : largest;
        }

        for (; i < count; i++)
            largest = largest < x[i] ? x[i] : largest;
        return largest;
    }
}
