using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Outputs;

/// <summary>
/// The open outputs. A change of the configuration keeps those whose settings are the same. What outputs are given may come from the frame threads of
/// several cameras: one at a time, so that an output knows of one alone. <see cref="Open"/> is for one thread, <see cref="Statuses"/> for any.
/// </summary>
/// <param name="context">What they share.</param>
/// <param name="history">Keeps every change of a rule too; null: nothing does.</param>
internal sealed class OutputSet(SinkContext context, EventHistory? history = null) : IDisposable
{
    private readonly Lock _giving = new(); // never held while anything is waited for
    private volatile ISink[] _sinks = [];
    private ISink[] _wantingResults = [];
    private ISink[] _wantingEvents = [];

    /// <summary>How they do; from any thread.</summary>
    public IReadOnlyList<SinkStatus> Statuses => [.. _sinks.Select(s => s.Status)];

    /// <summary>How late lines follow; from any thread.</summary>
    public IReadOnlyList<LineLatency> Lines =>
        [.. from sink in _sinks where sink.Latency is not null select new LineLatency(sink.Settings.Name, sink.Latency!)];

    /// <summary>
    /// Opens what is new, closes what is gone or changed. An output may need what another one holds (a line, a path), so the old are closed first;
    /// when a new one cannot be opened the old are opened again.
    /// </summary>
    /// <returns>Names of those that were opened now and know nothing yet.</returns>
    /// <exception cref="EdgeException">As for <see cref="SinkSettings.Open"/>; the outputs are as before.</exception>
    public IReadOnlySet<string> Open(IReadOnlyList<SinkSettings> settings)
    {
        var before = _sinks.Select(s => s.Settings).ToList();
        try
        {
            return Change(settings);
        }
        catch (EdgeException)
        {
            Change(before);
            throw;
        }
    }

    /// <summary>Gives every output that wants them a frame's result.</summary>
    public void Accept(FrameResult result)
    {
        if (_wantingResults.Length == 0) return;
        lock (_giving)
        {
            foreach (var sink in _wantingResults) sink.Accept(result);
        }
    }

    /// <summary>Gives a frame's result to the outputs that want frames of which two levels of the ladder say different things.</summary>
    /// <param name="result">That says what the other level says.</param>
    public void AcceptDiffering(FrameResult result)
    {
        lock (_giving)
        {
            foreach (var sink in _sinks)
            {
                if (sink.Settings.ComparesEvery is not null) sink.Accept(result);
            }
        }
    }

    /// <summary>Gives a rule's change to the outputs that it names, and to those that want every change.</summary>
    public void Accept(in RuleEvent change, IReadOnlyList<string> actions)
    {
        history?.Add(change);
        lock (_giving)
        {
            foreach (var sink in _wantingEvents) Give(sink, change);
            for (int i = 0; i < actions.Count; i++)
            {
                if (Find(actions[i], _wantingEvents) is { } sink) Give(sink, change);
            }
        }
    }

    /// <summary>Gives one output a rule's change.</summary>
    public void AcceptOne(string name, in RuleEvent change)
    {
        lock (_giving)
        {
            if (Find(name, []) is { } sink) Give(sink, change);
        }
    }

    /// <summary>Closes all; each leaves what it drives in its safe state.</summary>
    public void Dispose() => Change([]);

    private static void Give(ISink sink, in RuleEvent change)
    {
        if (!change.IsHeldBack || !sink.Settings.TellsPeople) sink.Accept(change);
    }

    private HashSet<string> Change(IReadOnlyList<SinkSettings> settings)
    {
        var kept = _sinks.Where(s => settings.Contains(s.Settings)).ToList();
        var gone = _sinks.Except(kept).ToList();
        Set(kept); // first, as a timer may turn rules off meanwhile, and a closed output takes nothing
        foreach (var sink in gone) sink.Dispose();
        var opened = new HashSet<string>(StringComparer.Ordinal);
        foreach (var wanted in settings)
        {
            if (kept.Any(s => s.Settings == wanted)) continue;
            kept.Add(wanted.Open(context));
            opened.Add(wanted.Name);
            Set(kept);
        }

        return opened;
    }

    private void Set(List<ISink> sinks)
    {
        lock (_giving)
        {
            _sinks = [.. sinks];
            _wantingResults = [.. sinks.Where(s => s.Settings.WantsResults)];
            _wantingEvents = [.. sinks.Where(s => s.Settings.WantsEvents)];
        }
    }

    private ISink? Find(string name, ISink[] except)
    {
        foreach (var sink in _sinks)
        {
            if (sink.Settings.Name == name) return Array.IndexOf(except, sink) < 0 ? sink : null;
        }

        return null;
    }
}
