using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>
/// Normalises each pixel's channels in three walks: mean, variance, results. Both sums and the standardised value are float64; scale and bias are one
/// fused multiply-add in float32.
/// </summary>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
/// <typeparam name="TSums">How it sums; all give the same bits.</typeparam>
internal sealed unsafe class NormalizeFp32<TLanes, TSums>(string name, NormalizeFp32Problem problem) : PreparedKernel
    where TLanes : struct, IFloatLanes<TLanes>
    where TSums : struct, ILineSums
{
    private readonly RowWalk _walk = new(problem.Shape, packed: false);

    public override string Name => name;

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        fixed (float* scale = problem.Scale, bias = problem.Bias)
        {
            for (int run = start; run < end; run++)
            {
                float* x = (float*)(arena + _walk.Offset(problem.Input, run)), y = (float*)(arena + _walk.Offset(problem.Output, run));
                var function = FunctionOf(x);
                int parameter = run % problem.Scale.Length;
                if (problem.IsPerPixel)
                    Write(x, y, function, scale[parameter], bias[parameter]);
                else
                    Write(x, y, function, scale, bias);
            }
        }
    }

    private Standardization FunctionOf(float* x)
    {
        double mean = problem.Centers ? TSums.Sum(x, _walk.Length) / _walk.Length : 0;
        double variance = TSums.SquaredDistances(x, _walk.Length, mean) / _walk.Length;
        return new Standardization(mean, 1 / Math.Sqrt(variance + problem.Epsilon));
    }

    private void Write(float* x, float* y, Standardization function, float* scale, float* bias)
    {
        int i = 0;
        for (; i <= _walk.Length - TLanes.Count; i += TLanes.Count)
            TLanes.FusedMultiplyAdd(TLanes.Load(x + i).InDouble(function), TLanes.Load(scale + i), TLanes.Load(bias + i)).Store(y + i);
        for (; i < _walk.Length; i++)
            y[i] = MathF.FusedMultiplyAdd(Float32x1.Load(x + i).InDouble(function).Value, scale[i], bias[i]);
    }

    private void Write(float* x, float* y, Standardization function, float scale, float bias)
    {
        TLanes scales = TLanes.Of(scale), biases = TLanes.Of(bias);
        int i = 0;
        for (; i <= _walk.Length - TLanes.Count; i += TLanes.Count)
            TLanes.FusedMultiplyAdd(TLanes.Load(x + i).InDouble(function), scales, biases).Store(y + i);
        for (; i < _walk.Length; i++)
            y[i] = MathF.FusedMultiplyAdd(Float32x1.Load(x + i).InDouble(function).Value, scale, bias);
    }
}
