using ResNetEdge.Packages;
using ResNetEdge.Service.Model;

namespace ResNetEdge.Service.Flow;

/// <summary>A level of the ladder that is loaded beside the whole network, to find frames of which the two say different things.</summary>
/// <param name="Package">Whose level it is; of another one nothing is compared with it.</param>
/// <param name="Runners">A camera's each; owned.</param>
internal sealed record ComparedLevel(Package Package, RunnerSet Runners) : IDisposable
{
    /// <summary>Of the ladder.</summary>
    public int Level => Runners.First.Level;

    /// <inheritdoc/>
    public void Dispose() => Runners.Dispose();
}
