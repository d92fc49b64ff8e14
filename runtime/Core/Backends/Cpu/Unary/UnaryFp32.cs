using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Unary;

/// <summary>A function of every float32, a register of lanes at a time. The function is part of the loop: no call is left in it.</summary>
/// <typeparam name="TFunction">The function; with any lanes it gives the bits that it gives with one.</typeparam>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
internal sealed unsafe class UnaryFp32<TFunction, TLanes>(string name, UnaryFp32Problem problem, TFunction function)
    : UnaryKernel(problem.Shape, problem.Input, problem.Output, sizeof(float))
    where TFunction : struct, IFloatFunction
    where TLanes : struct, IFloatLanes<TLanes>
{
    public override string Name => name;

    protected override void Elements(byte* input, byte* output, int count)
    {
        float* x = (float*)input, y = (float*)output;
        var f = function;
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            f.Apply(TLanes.Load(x + i)).Store(y + i);
        for (; i < count; i++)
            f.Apply(Float32x1.Load(x + i)).Store(y + i);
    }
}

/// <summary>Binds any function to a tier's lanes.</summary>
internal static class UnaryFp32
{
    /// <summary>The kernel of a problem.</summary>
    /// <param name="name">Its name in the table.</param>
    /// <param name="problem">A problem whose <see cref="Steps.StepProblem.Check"/> has passed.</param>
    public static PreparedKernel Bind<TLanes>(string name, UnaryFp32Problem problem) where TLanes : struct, IFloatLanes<TLanes> =>
        problem.Function.GiveTo(new Binder<TLanes>(name, problem));

    private sealed class Binder<TLanes>(string name, UnaryFp32Problem problem) : IFunctionReceiver<PreparedKernel>
        where TLanes : struct, IFloatLanes<TLanes>
    {
        public PreparedKernel Take<TFunction>(TFunction function) where TFunction : struct, IFloatFunction =>
            new UnaryFp32<TFunction, TLanes>(name, problem, function);
    }
}
