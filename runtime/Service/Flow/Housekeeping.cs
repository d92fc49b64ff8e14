using ResNetEdge.Device;
using ResNetEdge.Service.Model;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// What a service does once a second: reads the sensors, tells the service manager how it does, and looks for changed files. For the frame thread.
/// </summary>
/// <param name="configuration">Path of its file.</param>
/// <param name="state">Is told of heat and clock.</param>
/// <param name="levels">Carry out what the scheduler decides.</param>
/// <param name="compared">Follow configuration and model.</param>
/// <param name="reloads">Hear of a changed configuration.</param>
/// <param name="models">Hear of a changed package.</param>
/// <param name="history">Is kept now and then.</param>
/// <param name="work">Looks at files: a path may lie on a disk of the network.</param>
/// <param name="status">Is sent.</param>
/// <param name="environment">Clock, log and sensors.</param>
internal sealed class Housekeeping(
    string configuration, ServiceState state, LevelChanges levels, ComparedLevels compared, Reloads reloads, ModelUpdates models,
    HistoryKeeper history, BackgroundWork work, StatusLine status, ServiceEnvironment environment)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private TimeSpan _last;
    private bool _isLooking; // at files

    /// <summary>Does it all when a second has passed.</summary>
    public void DoWhenDue()
    {
        var now = environment.Time.Now();
        if (now - _last < Period) return;
        _last = now;
        environment.Log.Settle();
        state.Machine = environment.Sensors.Read();
        if (state.Parts.Scheduler.CheckHeat(state.Machine, now) is { } why) levels.Change(why);
        compared.Follow();
        status.Send();
        history.SaveWhenDue();
        LookAtFiles();
    }

    private void LookAtFiles()
    {
        if (_isLooking) return;
        _isLooking = true;
        var model = state.Parts.Configuration.Model;
        work.Start(
            "looking for changed files",
            () => (Configuration: PackageStamp.Of(configuration), Model: PackageStamp.Of(model.Package)),
            stamps =>
            {
                _isLooking = false;
                reloads.ReloadIfChanged(stamps.Configuration);
                if (!reloads.IsUnderWay) models.LoadIfChanged(model, stamps.Model);
            },
            e =>
            {
                _isLooking = false;
                environment.Log.Warning("cannot tell whether files changed", ("reason", e.Message));
            });
    }
}
