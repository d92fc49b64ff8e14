using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Sensors;
using ResNetEdge.Service.Systemd;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Service.Flow;

/// <summary>What a service finds around itself; tests bring their own.</summary>
/// <param name="Time">Of everything.</param>
/// <param name="Log">For people.</param>
/// <param name="Notifier">The service manager.</param>
/// <param name="OpenCamera">Opens a camera.</param>
/// <param name="Sensors">Temperature, clock, throttling.</param>
/// <param name="StateFolder">That the service manager gave; null: none.</param>
/// <param name="StartWatch">Starts metrics and live page; null where they are not part of this build.</param>
internal sealed record ServiceEnvironment(
    TimeProvider Time, Log Log, Notifier Notifier, Func<CameraRequest, ICamera> OpenCamera, MachineSensors Sensors, string? StateFolder, Func<WatchSettings, IWatched, IDisposable>? StartWatch)
{
    /// <summary>How long the machine has slept since it was started.</summary>
    public Func<TimeSpan> Asleep { get; init; } = Monotonic.Asleep;
}
