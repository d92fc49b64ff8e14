namespace ResNetEdge.Backends.Cpu;

/// <summary>One line of <see cref="KernelTable"/>: a kernel, its tier, what it can do, how it is made.</summary>
/// <param name="Name">Operation, type, instruction set, as the class is called.</param>
/// <param name="Tier">What the machine must have.</param>
/// <param name="CanRun">Whether the kernel handles this problem.</param>
/// <param name="Create">Binds it to a checked problem.</param>
internal sealed record KernelEntry<TProblem>(string Name, KernelTier Tier, Func<TProblem, bool> CanRun, Func<TProblem, PreparedKernel> Create);
