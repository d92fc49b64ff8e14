using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Sensors;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Pictures;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// Whether a configuration that can be read can also work here: a kind of camera that is known, an address that can be right, a path that is there,
/// a package that loads and has the labels of the rules. A reload asks it before it takes anything over, and <c>--check</c> asks it too.
/// </summary>
/// <param name="checkCamera">Looks at a camera without opening it; <see cref="CameraTable.Check"/>.</param>
internal sealed class ServiceCheck(Action<CameraRequest> checkCamera)
{
    /// <summary>Checks all of a configuration, without a running service.</summary>
    /// <param name="configuration">As read.</param>
    /// <param name="memory">For the model.</param>
    /// <returns>What is not there now and may come: sentences. A package's version is not compared with those that ran.</returns>
    /// <exception cref="EdgeException">Exit 3, 4 or 5: it can never work as configured.</exception>
    public IReadOnlyList<string> Check(ServiceConfiguration configuration, MemoryRoom memory)
    {
        var absent = new List<string>();
        configuration.Telemetry.Require();
        foreach (var camera in configuration.Cameras)
        {
            if (Camera(camera.Request) is { } trouble)
                absent.Add(camera.Name is null ? $"no camera now: {trouble}" : $"no camera '{camera.Name}' now: {trouble}");
        }

        if (PictureForm.Missing is { } missing)
            absent.AddRange(configuration.Outputs.Where(o => o.Picture is not null).Select(o => $"no pictures from output '{o.Name}': {missing}"));
        var model = configuration.Model;
        if (!Directory.Exists(model.Package) && !File.Exists(model.Package))
        {
            absent.Add($"no package yet: nothing exists at '{model.Package}'");
            return absent;
        }

        using var ready = new ModelLoader(null, memory).Load(model, model.Package);
        var runner = ready.Runner;
        _ = new RuleEngine(configuration.Rules, runner.Task);
        if (configuration.CompareEvery is not null && ComparedLevels.WhyNot(ready.Package, configuration.Budget) is { } whyNot)
            absent.Add($"no frames by disagreement: {whyNot}");
        return absent;
    }

    /// <summary>Checks a camera.</summary>
    /// <returns>Why it is not there now, though it may come; null: it is there, as far as can be seen without opening it.</returns>
    /// <exception cref="EdgeException">Exit 3 or 5: it can never work.</exception>
    public string? Camera(CameraRequest request)
    {
        try
        {
            checkCamera(request);
            return null;
        }
        catch (CameraException e)
        {
            return e.Message;
        }
    }
}
