using ResNetEdge.Service.Cameras;

namespace ResNetEdge.Service.Triggers;

/// <summary>Somebody wants to know what cameras see.</summary>
/// <param name="Trigger">Name of the trigger.</param>
/// <param name="Cameras">Those that are to look; each answers.</param>
/// <param name="Asked">When it was asked, on the monotonic clock.</param>
/// <param name="Answer">Is given each answer as one JSON object, UTF-8, on a camera's frame thread: must not wait. Null: nobody listens.</param>
internal sealed record LookRequest(string Trigger, CameraChoice Cameras, TimeSpan Asked, Action<ReadOnlyMemory<byte>>? Answer);
