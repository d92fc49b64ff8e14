using System.Text.Json;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Timing;
using ResNetEdge.Tasks;

namespace ResNetEdge.Service.Watch;

/// <summary>How one camera of a service does, at one moment. Counts are since the process started.</summary>
internal sealed record CameraSnapshot
{
    /// <summary>As in the configuration; empty where the service's one camera has none.</summary>
    public required string Name { get; init; }

    /// <summary>As <see cref="ServiceSnapshot.State"/>, of this camera.</summary>
    public required string State { get; init; }

    /// <summary>Its frames flow.</summary>
    public required bool IsHealthy { get; init; }

    /// <summary>What is wrong with it, one sentence without secrets; null: nothing.</summary>
    public string? Trouble { get; init; }

    /// <summary>What it answered; null while there is none.</summary>
    public CameraMode? Camera { get; init; }

    /// <summary>Frames that were run.</summary>
    public required long Frames { get; init; }

    /// <summary>Frames dropped because a newer one was there, or lost by the driver.</summary>
    public required long FramesDropped { get; init; }

    /// <summary>Frames that were damaged.</summary>
    public required long FramesDamaged { get; init; }

    /// <summary>Frames left out to keep to a lower rate, by the scheduler.</summary>
    public required long FramesSkipped { get; init; }

    /// <summary>Number of times that it failed or stopped delivering frames while open.</summary>
    public required long Failures { get; init; }

    /// <summary>Frames per second over the last seconds.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>From the shutter to the result.</summary>
    public required LatencyHistogram EndToEnd { get; init; }

    /// <summary>The network alone.</summary>
    public required LatencyHistogram Infer { get; init; }

    /// <summary>Conversion, resize, normalisation, quantisation.</summary>
    public required LatencyHistogram Preprocess { get; init; }

    /// <summary>Its looks; null without triggers.</summary>
    public LookCounters? Looks { get; init; }

    /// <summary>What the network said of its last frame; the snapshot's own.</summary>
    public required TaskResult Answer { get; init; }

    /// <summary>Writes name and health as properties.</summary>
    public void WriteHealth(Utf8JsonWriter json)
    {
        json.WriteString("name"u8, Name);
        json.WriteBoolean("healthy"u8, IsHealthy);
        json.WriteString("state"u8, State);
        json.WriteString("trouble"u8, Trouble);
    }
}
