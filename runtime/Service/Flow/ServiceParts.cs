using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Pacing;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// What all cameras of a service share at one moment; immutable, so that whoever reads it sees parts that belong together. A part may have been
/// closed by the time that another thread looks at it: what others read of it (names, levels, counts) are plain values that stay.
/// </summary>
/// <param name="Configuration">That was taken over last.</param>
/// <param name="Model">In use, with a runner for each camera.</param>
/// <param name="Scheduler">Of the configuration's budget and the model's ladder.</param>
internal sealed record ServiceParts(ServiceConfiguration Configuration, ReadyModel Model, Scheduler Scheduler)
{
    /// <summary>Loaded beside the model, which is compared with it; null: nothing is.</summary>
    public ComparedLevel? Compared { get; init; }
}
