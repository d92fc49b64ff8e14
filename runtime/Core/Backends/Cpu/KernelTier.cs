namespace ResNetEdge.Backends.Cpu;

/// <summary>A step of the ladder of instruction sets: kernels of this tier and of all lower ones may be used together.</summary>
internal sealed class KernelTier
{
    private readonly Func<string?> _obstacle;

    /// <param name="name">As <c>--isa</c> and <c>RESNETEDGE_ISA</c> spell it.</param>
    /// <param name="needs">What the tier asks of the machine, for people.</param>
    /// <param name="obstacle">Null when this process can run the tier's kernels, else the reason why not.</param>
    public KernelTier(string name, string needs, Func<string?> obstacle)
    {
        Name = name;
        Needs = needs;
        _obstacle = obstacle;
    }

    /// <summary>As <c>--isa</c> and <c>RESNETEDGE_ISA</c> spell it.</summary>
    public string Name { get; }

    /// <summary>What the tier asks of the machine, for people.</summary>
    public string Needs { get; }

    /// <summary>Null when this process can run the tier's kernels, else why not.</summary>
    public string? Obstacle => _obstacle();

    /// <summary>This process can run the tier's kernels.</summary>
    public bool IsAvailable => Obstacle is null;

    public override string ToString() => Name;
}
