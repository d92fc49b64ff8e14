using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Pacing;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// What a service is made of at one moment; immutable, so that whoever reads it sees parts that belong together. A part may have been closed by the
/// time that another thread looks at it: what others read of it (names, levels, counts) are plain values that stay.
/// </summary>
/// <param name="Configuration">That was taken over last.</param>
/// <param name="Camera">Of the configuration.</param>
/// <param name="Model">In use.</param>
/// <param name="Result">With room for the model's classes; for the frame thread alone.</param>
/// <param name="Scheduler">Of the configuration's budget and the model's ladder; for the frame thread, its counts for any.</param>
internal sealed record ServiceParts(
    ServiceConfiguration Configuration, CameraSupervisor Camera, ReadyModel Model, FrameResult Result, Scheduler Scheduler);
