using ResNetEdge.Service.Arming;
using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Triggers;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// Puts a prepared configuration in place of the present one, between two frames: what can fail comes first and is undone, so that either all of it
/// is taken over or nothing. For the service thread.
/// </summary>
/// <param name="state">Configuration and cameras are exchanged there; rules and outputs are taken over.</param>
/// <param name="models">Take the model over.</param>
/// <param name="levels">Begin again with another budget.</param>
/// <param name="reporting">Is restarted where its settings differ.</param>
/// <param name="standstill">Looks by the stall time of the camera.</param>
/// <param name="triggers">Those whose settings are the same stay open.</param>
/// <param name="arming">Brokers whose settings are the same are listened to on.</param>
internal sealed class ConfigurationTakeover(
    ServiceState state, ModelUpdates models, LevelChanges levels, Reporting reporting, StandstillWatch standstill, TriggerSet triggers,
    ArmingSet arming)
{
    /// <summary>Takes it over whole.</summary>
    /// <param name="prepared">Its model is owned from now on.</param>
    /// <exception cref="EdgeException">Exit 3 or 5: an output, the live page or a rule cannot be had; everything is as before.</exception>
    public void TakeOver(PreparedConfiguration prepared)
    {
        var (next, previous) = (prepared.Configuration, state.Parts.Configuration);
        TakeOverWatchAndDecisions(prepared, previous);
        state.Parts = state.Parts with { Configuration = next };
        if (next.Telemetry != previous.Telemetry) reporting.RestartTelemetry(next.Telemetry);
        if (prepared.Model is { } model) models.TakeOver(model, prepared.Stamp);
        else if (next.Budget != previous.Budget) levels.Restart(next.Budget);
        foreach (var stream in state.Streams)
        {
            if (next.Cameras[stream.Index] != previous.Cameras[stream.Index]) Exchange(stream, next.Cameras[stream.Index]);
        }

        triggers.Open(next.Triggers);
        arming.Open(next.Rules, next.Outputs);
    }

    private void TakeOverWatchAndDecisions(PreparedConfiguration prepared, ServiceConfiguration previous)
    {
        var next = prepared.Configuration;
        bool changesWatch = next.Watch != previous.Watch;
        try
        {
            if (changesWatch) reporting.RestartWatch(next.Watch, previous.Watch);
            var runners = (prepared.Model ?? state.Parts.Model).Runners;
            Decisions.TakeOver([.. state.Streams.Select(static s => s.Decisions)], next.Rules, next.Outputs, runners.All);
        }
        catch
        {
            prepared.Dispose();
            if (prepared.Model is not null) models.ForgetTrial();
            if (changesWatch) reporting.RestartWatch(previous.Watch, next.Watch);
            throw;
        }
    }

    private void Exchange(CameraStream stream, CameraSettings settings)
    {
        stream.Exchange(settings);
        standstill.Start(stream);
    }
}
