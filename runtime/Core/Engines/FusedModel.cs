using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Threading;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Passes;
using ResNetEdge.Plans;

namespace ResNetEdge.Engines;

/// <summary>
/// A network planned and packed for this machine, shared by any number of <see cref="FusedEngine"/>s: whoever made it and every engine on it
/// disposes of it once, and the last of them frees it.
/// </summary>
internal sealed class FusedModel : IDisposable
{
    /// <summary>What is said of a float16 network where it is computed in float32.</summary>
    internal const string HalfInFp32 = "fp16 network, computed in fp32: this core has no half arithmetic";

    private readonly SortedDictionary<string, ElementType> _edgeTypes;
    private int _users = 1;

    /// <summary>Runs the passes, plans, packs.</summary>
    /// <exception cref="EdgeException">Exit 3: the network cannot be run; exit 5: the tier asked for is not there.</exception>
    public FusedModel(Graph graph, EngineOptions options) : this(graph, options, null)
    {
    }

    private FusedModel(Graph graph, EngineOptions options, Action<ReadOnlyMemory<byte>>? packed)
    {
        var prepared = PassList.Run(graph);
        int threads = ThreadTeam.MostParts(options.Threads, WorkerPool.Shared);
        Tier = KernelTiers.Choose(options.Isa);
        _edgeTypes = prepared.EdgeTypes;
        Plan = Planner.Make(prepared, new CpuBackend(Tier, options.Winograd, options.HalfByReference), threads, packed, options.OutputsAsComputed);
        Notes = prepared.Halves.Count > 0 && !Plan.ComputesHalf ? [.. prepared.Notes, HalfInFp32] : prepared.Notes;
        Inputs = [.. Plan.Inputs.Select(input => AtTheEdge(input.Info))];
        Outputs = [.. Plan.Outputs.Select(output => AtTheEdge(output.Info))];
    }

    /// <summary>What the user should know of how the file was read, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Kernels of this tier and lower ones run it.</summary>
    public KernelTier Tier { get; }

    /// <summary>What callers give: the plan's inputs in the types that the file declares.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>What callers get: the plan's outputs in the types that the file declares.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>What runs.</summary>
    public Plan Plan { get; }

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
        if (Interlocked.Decrement(ref _users) == 0) Plan.Dispose();
    }

    private TensorInfo AtTheEdge(TensorInfo info) =>
        info.Type == ElementType.Float32 && _edgeTypes.TryGetValue(info.Name, out var type) ? info with { Type = type } : info;
}
