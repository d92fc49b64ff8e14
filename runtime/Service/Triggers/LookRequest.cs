namespace ResNetEdge.Service.Triggers;

/// <summary>Somebody wants to know what the camera sees.</summary>
/// <param name="Trigger">Name of the trigger.</param>
/// <param name="Asked">When it was asked, on the monotonic clock.</param>
/// <param name="Answer">Is given the answer as one JSON object, UTF-8, on the frame thread: must not wait. Null: nobody listens.</param>
internal sealed record LookRequest(string Trigger, TimeSpan Asked, Action<ReadOnlyMemory<byte>>? Answer);
