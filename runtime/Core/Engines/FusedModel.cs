using ResNetEdge.Kernels;
using ResNetEdge.Model;
using ResNetEdge.Passes;
using ResNetEdge.Plans;

namespace ResNetEdge.Engines;

/// <summary>A network planned and packed for this machine, shared by any number of <see cref="FusedEngine"/>s.</summary>
internal sealed class FusedModel : IDisposable
{
    /// <summary>Runs the passes, plans, packs.</summary>
    /// <exception cref="EdgeException">Exit 3: the network cannot be run; exit 5: the tier asked for is not there.</exception>
    public FusedModel(Graph graph, EngineOptions options) => Plan = Planner.Make(PassList.Run(graph), KernelTiers.Choose(options), options.Threads);

    /// <summary>What runs.</summary>
    public Plan Plan { get; }

    public void Dispose() => Plan.Dispose();
}
