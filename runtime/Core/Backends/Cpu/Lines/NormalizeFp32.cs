using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>
/// Normalises each pixel's channels in three walks: sum, squared distances, results, all in float32 with the mean in two parts. A line whose variance
/// float32 does not hold is computed in float64. Scale and bias are one fused multiply-add.
/// </summary>
/// <typeparam name="TLanes">The instruction set's lanes; all give the same bits.</typeparam>
internal sealed unsafe class NormalizeFp32<TLanes>(string name, NormalizeFp32Problem problem) : PreparedKernel
    where TLanes : struct, IFloatLanes<TLanes>
{
    // Beyond these a square or a sum of squares may leave the range of float32, or is too small to be exact.
    private const double LeastVariance = 1e-30, MostVariance = 1e30;

    private readonly RowWalk _walk = new(problem.Shape, packed: false);

    public override string Name => name;

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        float* partial = stackalloc float[MomentSums<TLanes>.Partials];
        fixed (float* scale = problem.Scale, bias = problem.Bias)
        {
            for (int run = start; run < end; run++)
            {
                float* x = (float*)(arena + _walk.Offset(problem.Input, run)), y = (float*)(arena + _walk.Offset(problem.Output, run));
                int parameter = run % problem.Scale.Length;
                if (problem.IsPerPixel) Line(x, y, scale + parameter, bias + parameter, partial);
                else Line(x, y, scale, bias, partial);
            }
        }
    }

    private void Line(float* x, float* y, float* scale, float* bias, float* partial)
    {
        int count = _walk.Length;
        double mean = problem.Centers ? x[0] + MomentSums<TLanes>.Distances(x, count, x[0], partial) / count : 0;
        float whole = (float)mean, rest = (float)(mean - whole);
        double variance = MomentSums<TLanes>.Squares(x, count, whole, rest, partial) / count;
        if (!(variance >= LeastVariance && variance <= MostVariance))
        {
            WriteExactly(x, y, scale, bias);
            return;
        }

        float factor = (float)(1 / Math.Sqrt(variance + problem.Epsilon));
        int i = problem.IsPerPixel
            ? Write(x, y, new(whole, rest, factor), TLanes.Broadcast(scale), TLanes.Broadcast(bias))
            : Write(x, y, new(whole, rest, factor), scale, bias);
        for (; i < count; i++)
            y[i] = MathF.FusedMultiplyAdd((x[i] - whole - rest) * factor, At(scale, i), At(bias, i));
    }

    private int Write(float* x, float* y, Moments line, float* scale, float* bias)
    {
        TLanes whole = TLanes.Of(line.Mean), rest = TLanes.Of(line.Rest), factor = TLanes.Of(line.Factor);
        int i = 0;
        for (; i <= _walk.Length - TLanes.Count; i += TLanes.Count)
            TLanes.FusedMultiplyAdd((TLanes.Load(x + i) - whole - rest) * factor, TLanes.Load(scale + i), TLanes.Load(bias + i)).Store(y + i);
        return i;
    }

    private int Write(float* x, float* y, Moments line, TLanes scale, TLanes bias)
    {
        TLanes whole = TLanes.Of(line.Mean), rest = TLanes.Of(line.Rest), factor = TLanes.Of(line.Factor);
        int i = 0;
        for (; i <= _walk.Length - TLanes.Count; i += TLanes.Count)
            TLanes.FusedMultiplyAdd((TLanes.Load(x + i) - whole - rest) * factor, scale, bias).Store(y + i);
        return i;
    }

    private void WriteExactly(float* x, float* y, float* scale, float* bias)
    {
        int count = _walk.Length;
        double mean = problem.Centers ? ScalarSums.Sum(x, count) / count : 0;
        double factor = 1 / Math.Sqrt(ScalarSums.SquaredDistances(x, count, mean) / count + problem.Epsilon);
        for (int i = 0; i < count; i++)
            y[i] = MathF.FusedMultiplyAdd((float)((x[i] - mean) * factor), At(scale, i), At(bias, i));
    }

    private float At(float* parameter, int i) => problem.IsPerPixel ? *parameter : parameter[i];

    private readonly record struct Moments(float Mean, float Rest, float Factor);
}
