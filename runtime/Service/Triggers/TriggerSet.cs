namespace ResNetEdge.Service.Triggers;

/// <summary>The open triggers. A change of the configuration keeps those whose settings are the same. For the frame thread.</summary>
/// <param name="context">What they share.</param>
internal sealed class TriggerSet(TriggerContext context) : IDisposable
{
    private List<(TriggerSettings Settings, IDisposable Trigger)> _open = [];

    /// <summary>Closes what is gone or changed, then opens what is new: one may need the line or the path that another had.</summary>
    public void Open(IReadOnlyList<TriggerSettings> settings)
    {
        var kept = _open.Where(o => settings.Contains(o.Settings)).ToList();
        foreach (var (_, trigger) in _open.Except(kept)) trigger.Dispose();
        _open = kept;
        foreach (var wanted in settings.Where(s => kept.All(o => o.Settings != s)).ToList()) _open.Add((wanted, wanted.Open(context)));
    }

    /// <inheritdoc/>
    public void Dispose() => Open([]);
}
