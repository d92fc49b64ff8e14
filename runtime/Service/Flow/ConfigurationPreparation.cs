using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Flow;

/// <summary>Reads and checks a changed configuration, and loads its model. For the background thread.</summary>
/// <param name="path">Of the configuration.</param>
/// <param name="environment">Looks at cameras.</param>
/// <param name="loader">Loads the model.</param>
/// <param name="decisions">Their phase says whether there is a camera to lose.</param>
internal sealed class ConfigurationPreparation(string path, ServiceEnvironment environment, TrialLoader loader, Decisions decisions)
{
    /// <summary>Reads the file and checks everything that can be checked.</summary>
    /// <param name="current">What runs; at the time of the call.</param>
    /// <exception cref="EdgeException">Exit 3, 4 or 5: it cannot be taken over.</exception>
    public PreparedConfiguration Prepare(ServiceParts current)
    {
        var next = ServiceConfiguration.Read(path);
        if (next.StateFolder != current.Configuration.StateFolder)
            throw EdgeException.BadInput($"{path}: 'state_folder' cannot change while the service runs; restart the service");
        next.Telemetry.Require();
        if (next.Camera.Request != current.Configuration.Camera.Request) RequireCamera(next.Camera.Request);
        var stamp = PackageStamp.Of(next.Model.Package);
        bool isSameModel = next.Model == current.Configuration.Model;
        if (isSameModel) _ = new RuleEngine(next.Rules, current.Model.Runner.Labels, current.Model.Runner.Classes);
        return new PreparedConfiguration(next, isSameModel ? null : loader.LoadOnTrial(next.Model, next.Rules, stamp), stamp);
    }

    // A camera that is merely absent is taken over when there is none to lose for it.
    private void RequireCamera(CameraRequest request)
    {
        if (new ServiceCheck(environment.CheckCamera).Camera(request) is not { } absent) return;
        if (decisions.Phase is ServicePhase.Running)
        {
            throw EdgeException.BadInput(
                $"{path}: 'camera.device': {absent}; the present camera works and is not replaced by an absent one: reload when it is there");
        }

        environment.Log.Warning("the configured camera is not there yet", ("reason", absent));
    }
}
