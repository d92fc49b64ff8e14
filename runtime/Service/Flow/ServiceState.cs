using ResNetEdge.Device.Sensors;
using ResNetEdge.Results;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// What the objects of a service share. The frame thread alone writes; any thread reads. The parts are exchanged whole between two frames, by one
/// write; a frame's best classes are copied under a lock.
/// </summary>
/// <param name="parts">At the start.</param>
/// <param name="machine">At the start.</param>
internal sealed class ServiceState(ServiceParts parts, MachineState machine)
{
    private readonly Lock _publishing = new();
    private readonly Classification[] _top = new Classification[FrameResult.MostTop];
    private int _topCount;
    private volatile ServiceParts _parts = parts;
    private volatile MachineState _machine = machine;
    private volatile string? _configurationTrouble, _modelTrouble;

    /// <summary>What the service is made of.</summary>
    public ServiceParts Parts
    {
        get => _parts;
        set => _parts = value;
    }

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

    /// <summary>The best classes of the last frame that was answered, best first; a new list.</summary>
    public IReadOnlyList<Classification> Top
    {
        get
        {
            lock (_publishing) return _top[.._topCount];
        }
    }

    /// <summary>Lets others see a frame's best classes.</summary>
    public void PublishTop(FrameResult result)
    {
        lock (_publishing)
        {
            result.Top.CopyTo(_top, 0);
            _topCount = result.Top.Length;
        }
    }
}
