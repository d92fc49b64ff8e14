namespace ResNetEdge.Service.Flow;

/// <summary>
/// Where a service is between its start and its end: Starting → Running ⇄ Blind → Stopping. Without a camera Starting leads to Blind; with
/// triggers it leads to Asleep, where each look begins and ends.
/// </summary>
internal enum ServicePhase
{
    /// <summary>No frame was answered yet.</summary>
    Starting,

    /// <summary>Frames are answered.</summary>
    Running,

    /// <summary>No frames are answered, and every rule is off.</summary>
    Blind,

    /// <summary>Nobody asks what the camera sees: it is closed, and every rule is off.</summary>
    Asleep,

    /// <summary>The service ends.</summary>
    Stopping,
}

/// <summary>What metrics, <c>/status.json</c> and the service manager call a phase; the words are a promise.</summary>
internal static class ServicePhaseNames
{
    /// <summary>In lower case.</summary>
    public static string Name(this ServicePhase phase) => phase switch
    {
        ServicePhase.Starting => "starting",
        ServicePhase.Running => "running",
        ServicePhase.Blind => "blind",
        ServicePhase.Asleep => "asleep",
        _ => "stopping",
    };
}
