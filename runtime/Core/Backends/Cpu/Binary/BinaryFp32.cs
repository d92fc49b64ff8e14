using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Binary;

/// <summary>
/// A function of two float32 values, a register of lanes at a time along the innermost dimension; a value that is spread along it stays in a
/// register. The function is part of the loops: no call is left in them.
/// </summary>
/// <typeparam name="TFunction">The function; with any lanes it gives the bits that it gives with one.</typeparam>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
internal sealed unsafe class BinaryFp32<TFunction, TLanes>(string name, BinaryFp32Problem problem, TFunction function)
    : BinaryKernel(problem.Dimensions, problem.Left, problem.Right, problem.Output, sizeof(float))
    where TFunction : struct, IBinaryFunction
    where TLanes : struct, IFloatLanes<TLanes>
{
    private readonly float _low = problem.Low, _high = problem.High;
    private readonly bool _clamps = !(float.IsNegativeInfinity(problem.Low) && float.IsPositiveInfinity(problem.High));

    public override string Name => name;

    protected override void Row(byte* left, long leftStep, byte* right, long rightStep, byte* output, long outputStep, int count) =>
        Floats((float*)left, leftStep, (float*)right, rightStep, (float*)output, outputStep, count);

    private void Floats(float* left, long leftStep, float* right, long rightStep, float* output, long outputStep, int count)
    {
        const long Dense = sizeof(float);
        if (outputStep == Dense && leftStep == Dense && rightStep == Dense) Both(left, right, output, count);
        else if (outputStep == Dense && leftStep == Dense && rightStep == 0) LeftBySingle(left, *right, output, count);
        else if (outputStep == Dense && leftStep == 0 && rightStep == Dense) SingleByRight(*left, right, output, count);
        else Apart(left, leftStep, right, rightStep, output, outputStep, count);
        if (_clamps) Clamp(output, outputStep, count);
    }

    private void Both(float* left, float* right, float* output, int count)
    {
        var f = function;
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            f.Apply(TLanes.Load(left + i), TLanes.Load(right + i)).Store(output + i);
        for (; i < count; i++)
            f.Apply(Float32x1.Load(left + i), Float32x1.Load(right + i)).Store(output + i);
    }

    private void LeftBySingle(float* left, float right, float* output, int count)
    {
        var f = function;
        TLanes all = TLanes.Of(right);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            f.Apply(TLanes.Load(left + i), all).Store(output + i);
        for (; i < count; i++)
            f.Apply(Float32x1.Load(left + i), new Float32x1(right)).Store(output + i);
    }

    private void SingleByRight(float left, float* right, float* output, int count)
    {
        var f = function;
        TLanes all = TLanes.Of(left);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            f.Apply(all, TLanes.Load(right + i)).Store(output + i);
        for (; i < count; i++)
            f.Apply(new Float32x1(left), Float32x1.Load(right + i)).Store(output + i);
    }

    private void Apart(float* left, long leftStep, float* right, long rightStep, float* output, long outputStep, int count)
    {
        var f = function;
        for (long i = 0; i < count; i++)
            f.Apply(new Float32x1(*At(left, i * leftStep)), new Float32x1(*At(right, i * rightStep))).Store(At(output, i * outputStep));
    }

    // A second pass over a row that is in the first cache.
    private void Clamp(float* output, long step, int count)
    {
        TLanes low = TLanes.Of(_low), high = TLanes.Of(_high);
        int i = 0;
        if (step == sizeof(float))
        {
            for (; i <= count - TLanes.Count; i += TLanes.Count)
                TLanes.Clamp(TLanes.Load(output + i), low, high).Store(output + i);
        }

        for (; i < count; i++)
        {
            float* y = At(output, i * step);
            *y = Requantize.Clamp(*y, _low, _high);
        }
    }

    private static float* At(float* first, long bytes) => (float*)((byte*)first + bytes);
}

/// <summary>Binds any function to a tier's lanes.</summary>
internal static class BinaryFp32
{
    /// <summary>The kernel of a problem.</summary>
    /// <param name="name">Its name in the table.</param>
    /// <param name="problem">A problem whose <see cref="Steps.StepProblem.Check"/> has passed.</param>
    public static PreparedKernel Bind<TLanes>(string name, BinaryFp32Problem problem) where TLanes : struct, IFloatLanes<TLanes> =>
        problem.Function.GiveTo(new Binder<TLanes>(name, problem));

    private sealed class Binder<TLanes>(string name, BinaryFp32Problem problem) : IBinaryReceiver<PreparedKernel>
        where TLanes : struct, IFloatLanes<TLanes>
    {
        public PreparedKernel Take<TFunction>(TFunction function) where TFunction : struct, IBinaryFunction =>
            new BinaryFp32<TFunction, TLanes>(name, problem, function);
    }
}
