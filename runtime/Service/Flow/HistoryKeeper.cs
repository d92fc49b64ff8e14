using ResNetEdge.Device;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// Keeps the history of events in the state folder, so that the live page has it after a restart: whole, at most every half minute, and at the end.
/// A power cut loses what was added since. For the service thread.
/// </summary>
/// <param name="history">Is kept.</param>
/// <param name="stateFolder">Where the file lies.</param>
/// <param name="work">Writes it.</param>
/// <param name="environment">Clock and log.</param>
internal sealed class HistoryKeeper(EventHistory history, string stateFolder, BackgroundWork work, ServiceEnvironment environment)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);
    private readonly string _path = Path.Combine(stateFolder, "history.json");
    private TimeSpan _last = environment.Time.Now();
    private bool _isSaving;

    /// <summary>Takes up what an earlier run left; a file that cannot be read is begun anew.</summary>
    public void Load()
    {
        if (history.Load(_path) is { } whyNot)
            environment.Log.Warning("the history of events cannot be read and begins anew", ("reason", whyNot), ("file", _path));
    }

    /// <summary>Writes it when it is due and has changed.</summary>
    public void SaveWhenDue()
    {
        var now = environment.Time.Now();
        if (_isSaving || !history.IsChanged || now - _last < Period) return;
        (_last, _isSaving) = (now, true);
        var time = environment.Time.GetUtcNow();
        work.Start(
            "keeping the history of events",
            () =>
            {
                history.Save(_path, time);
                return true;
            },
            _ => _isSaving = false,
            e =>
            {
                _isSaving = false;
                Say(e);
            });
    }

    /// <summary>Writes it now; the service ends.</summary>
    public void SaveNow()
    {
        if (!history.IsChanged) return;
        try
        {
            history.Save(_path, environment.Time.GetUtcNow());
        }
        catch (EdgeException e)
        {
            Say(e);
        }
    }

    private void Say(EdgeException e) => environment.Log.Warning("the history of events cannot be kept", ("reason", e.Message));
}
