using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu;

/// <summary>One line of <see cref="KernelTable"/>, whatever the kind of problem.</summary>
/// <param name="Name">Operation, type, instruction set, as the class is called.</param>
/// <param name="Tier">What the machine must have.</param>
internal abstract record KernelEntry(string Name, KernelTier Tier)
{
    /// <summary>The kind of problem.</summary>
    public abstract Type Kind { get; }

    /// <summary>Whether the kernel handles this problem.</summary>
    public abstract bool Takes(StepProblem problem);

    /// <summary>Scratch memory for a problem of this kind; 0 for one that the kernel does not handle.</summary>
    public abstract long ScratchBytes(StepProblem problem, int threads);

    /// <summary>Binds the kernel to a checked problem that it takes.</summary>
    public abstract PreparedKernel Prepare(StepProblem problem);
}

/// <summary>A kernel, its tier, what it can do, how it is made.</summary>
/// <param name="Name">Operation, type, instruction set, as the class is called.</param>
/// <param name="Tier">What the machine must have.</param>
/// <param name="CanRun">Whether the kernel handles this problem.</param>
/// <param name="Create">Binds it to a checked problem.</param>
internal sealed record KernelEntry<TProblem>(string Name, KernelTier Tier, Func<TProblem, bool> CanRun, Func<TProblem, PreparedKernel> Create)
    : KernelEntry(Name, Tier) where TProblem : StepProblem
{
    /// <summary>Scratch memory that it needs, from the problem and the number of threads; none unless it is said.</summary>
    public Func<TProblem, int, long> Scratch { get; init; } = static (_, _) => 0;

    public override Type Kind => typeof(TProblem);

    public override bool Takes(StepProblem problem) => problem is TProblem mine && CanRun(mine);

    public override long ScratchBytes(StepProblem problem, int threads) => problem is TProblem mine ? Scratch(mine, threads) : 0;

    public override PreparedKernel Prepare(StepProblem problem) => Create((TProblem)problem);
}
