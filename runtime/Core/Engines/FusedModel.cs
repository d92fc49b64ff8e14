using ResNetEdge.Backends.Cpu;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Plans;

namespace ResNetEdge.Engines;

/// <summary>
/// A network planned and packed for this machine, shared by any number of <see cref="FusedEngine"/>s: whoever made it and every engine on it
/// disposes of it once, and the last of them frees it.
/// </summary>
internal sealed class FusedModel : IDisposable
{
    private int _users = 1;

    /// <summary>Runs the passes, plans, packs.</summary>
    /// <exception cref="EdgeException">Exit 3: the network cannot be run; exit 5: the tier asked for is not there.</exception>
    public FusedModel(Graph graph, EngineOptions options) : this(graph, options, null)
    {
    }

    private FusedModel(Graph graph, EngineOptions options, Action<ReadOnlyMemory<byte>>? packed)
    {
        Tier = KernelTiers.Choose(options.Isa);
        Network = new(graph, new CpuBackend(Tier, options.Winograd, options.HalfByReference), options, packed);
    }

    /// <summary>Kernels of this tier and lower ones run it.</summary>
    public KernelTier Tier { get; }

    /// <summary>The network, planned and packed.</summary>
    public PlannedNetwork Network { get; }

    /// <summary>What runs.</summary>
    public Plan Plan => Network.Plan;

    /// <summary>What the user should know of how the file was read, a sentence each.</summary>
    public IReadOnlyList<string> Notes => Network.Notes;

    /// <summary>The same of a model's file, of which each weight is let go once it is packed.</summary>
    /// <exception cref="EdgeException">Exit 3: the network cannot be run; exit 5: the tier asked for is not there.</exception>
    public static FusedModel Load(ModelSource source, EngineOptions options)
    {
        using var taken = source.Take();
        return new FusedModel(taken.Graph, options, taken.GiveBack);
    }

    /// <summary>Counts a further user.</summary>
    public void Share() => Interlocked.Increment(ref _users);

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0) Network.Dispose();
    }
}
