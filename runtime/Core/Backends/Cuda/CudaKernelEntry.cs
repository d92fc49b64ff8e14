using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary>One line of <see cref="CudaKernelTable"/>, whatever the kind of problem.</summary>
/// <param name="Name">Operation, type, Cuda and what distinguishes it: <c>ConvInt8CudaMatrix</c>.</param>
/// <param name="Processor">The least compute capability, times ten.</param>
internal abstract record CudaKernelEntry(string Name, int Processor)
{
    /// <summary>The kind of problem.</summary>
    public abstract Type Kind { get; }

    /// <summary>Whether the kernel handles this problem, whose places need not be bound yet: storages begin at multiples of 64 bytes.</summary>
    public abstract bool Takes(StepProblem problem);

    /// <summary>Binds the kernel to a checked problem that it takes.</summary>
    public abstract CudaStep Prepare(StepProblem problem);
}

/// <summary>A kernel, what it needs, what it can do, how it is made.</summary>
/// <param name="Name">Operation, type, Cuda and what distinguishes it.</param>
/// <param name="Processor">The least compute capability, times ten.</param>
/// <param name="CanRun">Whether the kernel handles this problem.</param>
/// <param name="Create">Binds it to a checked problem, given its name.</param>
internal sealed record CudaKernelEntry<TProblem>(
    string Name, int Processor, Func<TProblem, bool> CanRun, Func<string, TProblem, CudaStep> Create)
    : CudaKernelEntry(Name, Processor) where TProblem : StepProblem
{
    public override Type Kind => typeof(TProblem);

    public override bool Takes(StepProblem problem) => problem is TProblem mine && CanRun(mine);

    public override CudaStep Prepare(StepProblem problem) => Create(Name, (TProblem)problem);
}
