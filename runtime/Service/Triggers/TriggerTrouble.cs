namespace ResNetEdge.Service.Triggers;

/// <summary>A trigger's trouble, told to the log when it begins, when it becomes another, and when it ends. For one thread.</summary>
/// <param name="trigger">Its name.</param>
/// <param name="log">For people.</param>
internal sealed class TriggerTrouble(string trigger, Log log)
{
    private string? _said;

    /// <summary>It cannot be asked by it.</summary>
    /// <param name="reason">One sentence.</param>
    public void Fails(string reason)
    {
        if (reason == _said) return;
        _said = reason;
        log.Warning($"trigger fails: {reason}", ("trigger", trigger));
    }

    /// <summary>It works.</summary>
    public void Works()
    {
        if (_said is null) return;
        _said = null;
        log.Notice("trigger works again", ("trigger", trigger));
    }
}
