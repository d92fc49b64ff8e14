using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Model;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// The configuration while the service runs: a file that changed, or that somebody asked to read again, is prepared in the background and taken
/// over between two frames, or refused. For the frame thread, but for <see cref="Request"/>.
/// </summary>
/// <param name="path">Of the configuration.</param>
/// <param name="stamp">Of the file when it was read at the start.</param>
/// <param name="state">What runs.</param>
/// <param name="preparation">Happens in the background.</param>
/// <param name="takeover">Happens between two frames.</param>
/// <param name="work">The background.</param>
/// <param name="status">Goes to the service manager when a reload has ended.</param>
/// <param name="environment">Service manager and log.</param>
internal sealed class Reloads(
    string path, PackageStamp stamp, ServiceState state, ConfigurationPreparation preparation, ConfigurationTakeover takeover, BackgroundWork work,
    StatusLine status, ServiceEnvironment environment)
{
    private readonly Log _log = environment.Log;
    private readonly SettledChange _change = new(stamp);
    private volatile bool _isRequested;

    /// <summary>Whether a configuration is being prepared.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Has the file read again at the next look, changed or not; any thread.</summary>
    public void Request() => _isRequested = true;

    /// <summary>Begins a reload when the file has changed and the change has settled, or when one was requested.</summary>
    /// <param name="now">Of the file.</param>
    public void ReloadIfChanged(PackageStamp now)
    {
        if (IsUnderWay || (!_change.IsAt(now) && !_isRequested)) return;
        _isRequested = false; // before the file is read: a request from now on is another one
        _change.Take(now);
        IsUnderWay = true;
        environment.Notifier.Reloading();
        var current = state.Parts;
        work.Start("preparing the configuration", () => preparation.Prepare(current), TakeOver, Refuse, static prepared => prepared.Dispose());
    }

    /// <summary>Keeps a copy of the configuration that was taken over, for a start at which the file cannot be used.</summary>
    public void KeepCopy()
    {
        var (given, taken) = (environment.StateFolder, _change.Known);
        work.Start(
            "keeping a copy of the configuration",
            () =>
            {
                // Changed meanwhile, it is not the one that was taken over.
                if (PackageStamp.Of(path) != taken) return false;
                foreach (var place in LastGoodConfiguration.Places(path, given)) place.Keep(path);
                return true;
            },
            _ => { },
            e => _log.Warning("no copy of the configuration could be kept for the next start", ("reason", e.Message)));
    }

    private void TakeOver(PreparedConfiguration prepared)
    {
        takeover.TakeOver(prepared);
        IsUnderWay = false;
        state.ConfigurationTrouble = null;
        KeepCopy();
        state.Counters.Reloads++;
        _log.Notice("configuration taken over", ("configuration", path), ("reloads", state.Counters.Reloads));
        environment.Notifier.Ready(status.Text);
    }

    private void Refuse(EdgeException e)
    {
        IsUnderWay = false;
        state.Counters.ReloadsRefused++;
        foreach (string line in e.Message.Split('\n')) _log.Error("configuration refused; the previous one stays in use", ("reason", line));
        environment.Notifier.Ready(status.Text);
    }
}
