using ResNetEdge.Device;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Pacing;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// Carries out what the scheduler decides: a level of the model is loaded in the background and taken over between two frames; how many frames are
/// left out changes at once. All cameras have the same level, whose weights are loaded once. For the service thread.
/// </summary>
/// <param name="state">Scheduler and model.</param>
/// <param name="work">Loads levels.</param>
/// <param name="time">For a new scheduler.</param>
/// <param name="log">For people.</param>
internal sealed class LevelChanges(ServiceState state, BackgroundWork work, TimeProvider time, Log log)
{
    private bool _isLoading;

    /// <summary>The scheduler changed its mind.</summary>
    /// <param name="why">One sentence.</param>
    public void Change(string why)
    {
        var scheduler = state.Parts.Scheduler;
        log.Notice(
            "operating point changed",
            ("operating_point", scheduler.OperatingPoint), ("reason", why), ("steps_down", scheduler.StepsDown), ("steps_up", scheduler.StepsUp));
        LoadLevel();
    }

    /// <summary>Begins again with everything, by another budget.</summary>
    public void Restart(BudgetSettings budget)
    {
        state.Parts = state.Parts with { Scheduler = new Scheduler(budget, state.Parts.Model.Package.Levels, time.Now()) };
        LoadLevel();
    }

    /// <summary>Loads the level that the scheduler wants, unless it is the one that runs or another is being loaded.</summary>
    public void LoadLevel()
    {
        var (model, level) = (state.Parts.Model, state.Parts.Scheduler.OperatingPoint.Level);
        if (_isLoading || level == model.Runner.Level) return;
        _isLoading = true;
        work.Start(
            "loading a level of the model",
            () => ModelLoader.LoadLevel(model, level),
            runners =>
            {
                _isLoading = false;
                TakeOver(runners, model);
            },
            e =>
            {
                _isLoading = false;
                log.Error("a level of the model cannot be loaded; the present one stays in use", ("level", level), ("reason", e.Message));
            },
            runners => runners.Dispose());
    }

    private void TakeOver(RunnerSet runners, ReadyModel model)
    {
        if (model != state.Parts.Model)
        {
            runners.Dispose();
            return;
        }

        state.Parts = state.Parts with { Model = model with { Runners = runners } };
        model.Runners.Dispose();
        log.Notice("level taken over", ("level", runners.First.Level), ("levels", model.Package.Levels));
        LoadLevel(); // the scheduler may want another one by now
    }
}
