using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Sensors;
using ResNetEdge.Service.Model;
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
    TimeProvider Time, Log Log, Notifier Notifier, Func<CameraRequest, ICamera> OpenCamera, MachineSensors Sensors, string? StateFolder,
    Func<WatchSettings, IWatched, IDisposable>? StartWatch)
{
    /// <summary>How long the machine has slept since it was started.</summary>
    public Func<TimeSpan> Asleep { get; init; } = Monotonic.Asleep;

    /// <summary>Looks at a camera without opening it.</summary>
    public required Action<CameraRequest> CheckCamera { get; init; }

    /// <summary>Memory that is left for a model.</summary>
    public MemoryRoom Memory { get; init; } = new();

    /// <summary>Loads a package: settings, and the path where it lies now.</summary>
    public Func<ModelLoader, ModelSettings, string, ReadyModel> Load { get; init; } = (loader, settings, path) => loader.Load(settings, path);

    /// <summary>How long the start waits for the configured package while there is a copy of the last good one.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromMinutes(1);
}
