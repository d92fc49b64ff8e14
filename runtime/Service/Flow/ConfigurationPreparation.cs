using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Flow;

/// <summary>Reads and checks a changed configuration, and loads its model. For the background thread.</summary>
/// <param name="path">Of the configuration.</param>
/// <param name="environment">Looks at cameras.</param>
/// <param name="loader">Loads the model.</param>
/// <param name="streams">Their phases say whether there is a camera to lose.</param>
internal sealed class ConfigurationPreparation(
    string path, ServiceEnvironment environment, TrialLoader loader, IReadOnlyList<CameraStream> streams)
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
        // Threads, metrics, queues and the page are made for these cameras.
        if (!next.Cameras.Select(static c => c.Name).SequenceEqual(streams.Select(static s => s.Name)))
        {
            throw EdgeException.BadInput(
                $"{path}: the names in 'cameras', and their order, cannot change while the service runs; restart the service");
        }

        foreach (var stream in streams)
        {
            var camera = next.Cameras[stream.Index];
            if (camera.Request != current.Configuration.Cameras[stream.Index].Request) RequireCamera(camera, stream);
        }

        var stamp = PackageStamp.Of(next.Model.Package);
        bool isSameModel = next.Model == current.Configuration.Model;
        if (isSameModel) _ = new RuleEngine(next.Rules, current.Model.Runner.Task);
        return new PreparedConfiguration(next, isSameModel ? null : loader.LoadOnTrial(next.Model, next.Rules, stamp), stamp);
    }

    // A camera that is merely absent is taken over when there is none to lose for it.
    private void RequireCamera(CameraSettings camera, CameraStream stream)
    {
        if (new ServiceCheck(environment.CheckCamera).Camera(camera.Request) is not { } absent) return;
        if (stream.Decisions.Phase is ServicePhase.Running)
        {
            throw EdgeException.BadInput(
                $"{path}: '{camera.Title}.device': {absent}; the present camera works and is not replaced by an absent one: reload when it is there");
        }

        environment.Log.Warning("the configured camera is not there yet", ("reason", absent));
    }
}
