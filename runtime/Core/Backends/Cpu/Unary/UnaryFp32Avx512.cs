using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Unary;

/// <summary>A function of every float32 in machine code of our own, sixteen elements at a time; equals the reference bit for bit.</summary>
internal sealed unsafe class UnaryFp32Avx512(UnaryFp32Problem problem)
    : UnaryKernel(problem.Shape, problem.Input, problem.Output, sizeof(float))
{
    private readonly nint _code = EmittedFunctions.Find(problem.Function) ?? throw new ArgumentException($"{problem.Function} is not emitted");

    public override string Name => nameof(UnaryFp32Avx512);

    /// <summary>Functions that the generator has written.</summary>
    public static bool CanRun(UnaryFp32Problem problem) => EmittedFunctions.Find(problem.Function) is not null;

    protected override void Elements(byte* input, byte* output, int count)
    {
        var args = new FunctionArgs { Input = (float*)input, Output = (float*)output, Count = count };
        ((delegate* unmanaged<void*, void>)_code)(&args);
    }
}
