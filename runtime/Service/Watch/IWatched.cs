namespace ResNetEdge.Service.Watch;

/// <summary>A running service, as the live page and the metrics see it; from any thread.</summary>
internal interface IWatched
{
    /// <summary>How it does now.</summary>
    ServiceSnapshot Snapshot();

    /// <summary>
    /// A frame as JPEG, taken after the call; null with the reason when there is none in time. A watcher costs the frame thread one copy of a frame.
    /// </summary>
    /// <param name="ct">Ends the wait.</param>
    Task<(byte[]? Jpeg, string? WhyNot)> PictureAsync(CancellationToken ct);
}
