using ResNetEdge.Service.Arming;
using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Triggers;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// Puts a prepared configuration in place of the present one, between two frames: what can fail comes first and is undone, so that either all of it
/// is taken over or nothing. For the frame thread.
/// </summary>
/// <param name="state">Configuration and camera are exchanged there.</param>
/// <param name="decisions">Take rules and outputs over.</param>
/// <param name="models">Take the model over.</param>
/// <param name="levels">Begin again with another budget.</param>
/// <param name="reporting">Is restarted where its settings differ.</param>
/// <param name="standstill">Looks by the stall time of the camera.</param>
/// <param name="triggers">Those whose settings are the same stay open.</param>
/// <param name="arming">Brokers whose settings are the same are listened to on.</param>
/// <param name="newCamera">Makes a camera by its settings, not yet open.</param>
internal sealed class ConfigurationTakeover(
    ServiceState state, Decisions decisions, ModelUpdates models, LevelChanges levels, Reporting reporting, StandstillWatch standstill,
    TriggerSet triggers, ArmingSet arming, Func<CameraSettings, CameraSupervisor> newCamera)
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
        if (next.Camera != previous.Camera) ExchangeCamera(next.Camera);
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
            decisions.TakeOver(next.Rules, next.Outputs, (prepared.Model ?? state.Parts.Model).Runner);
        }
        catch
        {
            prepared.Dispose();
            if (prepared.Model is not null) models.ForgetTrial();
            if (changesWatch) reporting.RestartWatch(previous.Watch, next.Watch);
            throw;
        }
    }

    private void ExchangeCamera(CameraSettings settings)
    {
        var before = state.Parts.Camera;
        state.Parts = state.Parts with { Camera = newCamera(settings) };
        before.Dispose();
        standstill.Start(settings.Stall);
    }
}
