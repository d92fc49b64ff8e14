namespace ResNetEdge.Engines;

/// <summary>What a caller may ask of an engine.</summary>
public sealed record EngineOptions
{
    /// <summary>Threads that share one inference; at least 1. More than there are cores are not used, and engines that run at the same time share what there is.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Kernel tier by name (<c>scalar</c>, <c>avx2</c>, ...); null takes the environment variable <c>RESNETEDGE_ISA</c>, else the best.</summary>
    public string? Isa { get; init; }
}
