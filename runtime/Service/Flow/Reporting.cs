using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Telemetry;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// The live page with its metrics, and the metrics that are pushed. The frame thread starts, restarts and closes them; both have their own threads.
/// </summary>
/// <param name="configuration">Path of its file, for messages.</param>
/// <param name="environment">Starts the live page.</param>
/// <param name="view">What they show.</param>
internal sealed class Reporting(string configuration, ServiceEnvironment environment, ServiceView view) : IDisposable
{
    private IDisposable? _watch;

    /// <summary>Starts what the configuration asks for.</summary>
    /// <exception cref="EdgeException">Exit 5: the address cannot be listened on, or the live page is not part of this build.</exception>
    public void Start(ServiceConfiguration settings)
    {
        _watch = StartWatch(settings.Watch);
        view.Telemetry = StartTelemetry(settings.Telemetry);
    }

    /// <summary>Restarts the live page by other settings.</summary>
    /// <exception cref="EdgeException">As for <see cref="Start"/>; it runs by the previous settings again.</exception>
    public void RestartWatch(WatchSettings next, WatchSettings previous)
    {
        _watch?.Dispose();
        _watch = null;
        try
        {
            _watch = StartWatch(next);
        }
        catch (EdgeException)
        {
            _watch = StartWatch(previous);
            throw;
        }
    }

    /// <summary>Pushes metrics by other settings from now on; counts of pushes begin again.</summary>
    public void RestartTelemetry(TelemetrySettings next)
    {
        view.Telemetry?.Dispose();
        view.Telemetry = StartTelemetry(next);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch?.Dispose();
        view.Telemetry?.Dispose();
    }

    private IDisposable? StartWatch(WatchSettings settings)
    {
        if (settings.Listen is null) return null;
        settings.CheckIsBuilt(configuration, environment.StartWatch is not null);
        return environment.StartWatch!(settings, view);
    }

    private OtlpPush? StartTelemetry(TelemetrySettings settings) =>
        settings.Endpoint is null ? null : new OtlpPush(settings, view.Snapshot, BuildInfo.Version, environment.Time, environment.Log);
}
