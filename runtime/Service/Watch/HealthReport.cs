using System.Buffers;
using System.Text.Json;

namespace ResNetEdge.Service.Watch;

/// <summary>Whether the frames of every camera flow, for monitors that look at the status code alone, and what else needs somebody.</summary>
/// <param name="Healthy">The frames of every camera flow.</param>
/// <param name="State">See <see cref="ServiceSnapshot.State"/>.</param>
/// <param name="Trouble">Why not, or why not the configured model or configuration runs.</param>
/// <param name="UptimeS">Since the process started.</param>
/// <param name="Degraded">Frames may flow, but an output fails or loses, the disk is nearly full, or a configuration or model was refused.</param>
/// <param name="Outputs">Those that fail, or lost something within the last ten minutes.</param>
/// <param name="StateFreeMib">Room on the disk of the state folder; null where the system does not say.</param>
internal sealed record HealthReport(
    bool Healthy, string State, string? Trouble, double UptimeS, bool Degraded, IReadOnlyList<OutputTrouble> Outputs, double? StateFreeMib)
{
    /// <summary>With less room than this on the disk the service is degraded.</summary>
    public const long LeastFreeBytes = 16L << 20;

    private const double Mebi = 1 << 20;

    // The serializer leaves them alone: they are written by hand, and not at all where the service's one camera has no name.
    private IReadOnlyList<CameraSnapshot> Cameras { get; init; } = [];

    /// <summary>Of a snapshot.</summary>
    public static HealthReport Of(ServiceSnapshot now)
    {
        OutputTrouble[] outputs = [.. from output in now.Outputs
                                      where output.LastError is not null || output.IsDropping
                                      select new OutputTrouble(output.Name, output.Type, output.LastError, output.Dropped)];
        bool isDegraded = now.Trouble is not null || outputs.Length > 0 || now.StateFreeBytes < LeastFreeBytes;
        double? free = now.StateFreeBytes is { } bytes ? Math.Round(bytes / Mebi, 1) : null;
        return new(now.IsHealthy, now.State, now.Trouble, Math.Round(now.Uptime.TotalSeconds, 1), isDegraded, outputs, free)
        {
            Cameras = now.Cameras,
        };
    }

    /// <summary>UTF-8.</summary>
    public byte[] ToJson()
    {
        if (Cameras.Count == 0) return JsonSerializer.SerializeToUtf8Bytes(this, StatusContext.Default.HealthReport);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var property in JsonSerializer.SerializeToElement(this, StatusContext.Default.HealthReport).EnumerateObject())
                property.WriteTo(json);
            json.WriteStartArray("cameras"u8);
            foreach (var camera in Cameras)
            {
                json.WriteStartObject();
                camera.WriteHealth(json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>An output that does not do all it should.</summary>
/// <param name="Name">Of the output.</param>
/// <param name="Type">As in the configuration.</param>
/// <param name="LastError">Why its last attempt failed; null when that worked.</param>
/// <param name="Dropped">Lost since the process started.</param>
internal sealed record OutputTrouble(string Name, string Type, string? LastError, long Dropped);
