using ResNetEdge.Device.Sensors;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// What the objects of a service share. The service thread alone writes; any thread reads. The parts are exchanged whole between two frames, by one
/// write.
/// </summary>
/// <param name="parts">At the start.</param>
/// <param name="streams">A camera each, in the order of the configuration; at least one.</param>
/// <param name="machine">At the start.</param>
internal sealed class ServiceState(ServiceParts parts, IReadOnlyList<CameraStream> streams, MachineState machine)
{
    private volatile ServiceParts _parts = parts;
    private volatile MachineState _machine = machine;
    private volatile string? _configurationTrouble, _modelTrouble;

    /// <summary>What the service is made of.</summary>
    public ServiceParts Parts
    {
        get => _parts;
        set => _parts = value;
    }

    /// <summary>The cameras, for the life of the service.</summary>
    public IReadOnlyList<CameraStream> Streams => streams;

    /// <summary>Heat and clock, as of the last second.</summary>
    public MachineState Machine
    {
        get => _machine;
        set => _machine = value;
    }

    /// <summary>Why the configuration's file is not what runs; else null.</summary>
    public string? ConfigurationTrouble
    {
        get => _configurationTrouble;
        set => _configurationTrouble = value;
    }

    /// <summary>Why the configured model is not what runs; else null.</summary>
    public string? ModelTrouble
    {
        get => _modelTrouble;
        set => _modelTrouble = value;
    }

    /// <summary>Counts since the process started.</summary>
    public ServiceCounters Counters { get; } = new();

    /// <summary>
    /// Calls an action between two frames of every camera: no frame thread has a frame in hand meanwhile, so that what frames are run with may be
    /// exchanged. Service thread.
    /// </summary>
    public void BetweenFrames(Action action) => InTurn(0, action);

    private void InTurn(int first, Action action)
    {
        if (first == streams.Count)
        {
            action();
            return;
        }

        lock (streams[first].Turn) InTurn(first + 1, action);
    }
}
