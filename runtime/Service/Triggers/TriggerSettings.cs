using ResNetEdge.Service.Cameras;

namespace ResNetEdge.Service.Triggers;

/// <summary>What the configuration says of one trigger. Equal when everything in it is; then a reload keeps the trigger open.</summary>
/// <param name="Name">In logs and answers.</param>
/// <param name="Type">As in the configuration.</param>
internal abstract record TriggerSettings(string Name, string Type)
{
    /// <summary>Those that look when it asks.</summary>
    public CameraChoice Cameras { get; init; } = CameraChoice.All;

    /// <summary>Begins to listen, in the background: what is not there now (a chip, a broker) is tried again and again.</summary>
    public abstract IDisposable Open(TriggerContext context);
}
