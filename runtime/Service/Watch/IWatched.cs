using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Watch;

/// <summary>A running service, as the live page and the metrics see it; from any thread.</summary>
internal interface IWatched
{
    /// <summary>How it does now.</summary>
    ServiceSnapshot Snapshot();

    /// <summary>
    /// A frame as JPEG, taken after the call; null with the reason when there is none in time. A watcher costs the frame thread one copy of a frame.
    /// </summary>
    /// <param name="camera">Its place among the cameras, from 0.</param>
    /// <param name="ct">Ends the wait.</param>
    Task<(byte[]? Jpeg, string? WhyNot)> PictureAsync(int camera, CancellationToken ct);

    /// <summary>The rules' changes of the last day; see <see cref="EventHistory.ToJson"/>.</summary>
    byte[] HistoryJson();

    /// <summary>Names of the cameras, for the life of the service; one empty name where its only camera has none.</summary>
    IReadOnlyList<string> CameraNames { get; }
}
