using ResNetEdge.Backends;
using ResNetEdge.Backends.Cpu.Threading;
using ResNetEdge.Model;
using ResNetEdge.Passes;
using ResNetEdge.Plans;

namespace ResNetEdge.Engines;

/// <summary>A network planned for a device, and what callers see of it.</summary>
internal sealed class PlannedNetwork : IDisposable
{
    /// <summary>What is said of a float16 network where it is computed in float32.</summary>
    internal const string HalfInFp32 = "fp16 network, computed in fp32: this core has no half arithmetic";

    private readonly SortedDictionary<string, ElementType> _edgeTypes;

    /// <summary>Runs the passes, plans, packs.</summary>
    /// <param name="graph">The network as its file has it.</param>
    /// <param name="backend">The device.</param>
    /// <param name="options">Threads, and the form of the outputs.</param>
    /// <param name="packed">Called with weights that no step has still to pack; null when the graph is to stay whole.</param>
    /// <exception cref="EdgeException">Exit 3: the network cannot be run; exit 5: the device does not take a step of it; it is named.</exception>
    public PlannedNetwork(Graph graph, IBackend backend, EngineOptions options, Action<ReadOnlyMemory<byte>>? packed)
    {
        var prepared = PassList.Run(graph);
        int threads = ThreadTeam.MostParts(options.Threads, WorkerPool.Shared);
        _edgeTypes = prepared.EdgeTypes;
        Plan = Planner.Make(prepared, backend, threads, packed, options.OutputsAsComputed);
        Notes = prepared.Halves.Count > 0 && !Plan.ComputesHalf ? [.. prepared.Notes, HalfInFp32] : prepared.Notes;
        Inputs = [.. Plan.Inputs.Select(input => AtTheEdge(input.Info))];
        Outputs = [.. Plan.Outputs.Select(output => AtTheEdge(output.Info))];
    }

    /// <summary>What the user should know of how the file was read, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>What callers give: the plan's inputs in the types that the file declares.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>What callers get: the plan's outputs in the types that the file declares.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>What runs.</summary>
    public Plan Plan { get; }

    public void Dispose() => Plan.Dispose();

    private TensorInfo AtTheEdge(TensorInfo info) =>
        info.Type == ElementType.Float32 && _edgeTypes.TryGetValue(info.Name, out var type) ? info with { Type = type } : info;
}
