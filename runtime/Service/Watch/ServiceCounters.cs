namespace ResNetEdge.Service.Watch;

/// <summary>What changed while the service runs; counted by one thread, read by others without a lock.</summary>
internal sealed class ServiceCounters
{
    /// <summary>Configurations taken over.</summary>
    public long Reloads { get; set; }

    /// <summary>How often a changed configuration was refused.</summary>
    public long ReloadsRefused { get; set; }

    /// <summary>Models swapped in.</summary>
    public long ModelUpdates { get; set; }

    /// <summary>How often a new model was refused or rolled back.</summary>
    public long ModelUpdatesRefused { get; set; }
}
