using ResNetEdge.Device.Sensors;
using ResNetEdge.Metrics;
using ResNetEdge.Packages;

namespace ResNetEdge.Service.Model;

/// <summary>Makes a model ready: nothing of it runs on a frame before its signature, every file's hash and its golden vectors were right.</summary>
/// <param name="guard">Against lower versions; null: none is asked, and no package is too low.</param>
/// <param name="memory">That it may take.</param>
internal sealed class ModelLoader(ModelVersionGuard? guard, MemoryRoom memory)
{
    /// <summary>Opens, verifies and loads.</summary>
    /// <param name="settings">What the configuration says.</param>
    /// <param name="path">Where the package lies now: the configured path, or a copy of it.</param>
    /// <exception cref="EdgeException">Exit 3: missing, damaged, or no classifier of pictures. Exit 4: a hash, signature, version or golden vector is
    /// wrong. Exit 5: the engine or the key cannot be had, or there is not enough memory.</exception>
    public ReadyModel Load(ModelSettings settings, string path)
    {
        string target = Follow(path);
        var package = Package.Open(target, settings.Key is { } key ? TrustedKeys.Read(key) : null);
        RunnerSet? runners = null;
        try
        {
            if (package.Manifest is null)
                throw EdgeException.BadInput($"{path}: is a bare ONNX file; a service runs only packages, whose files and results can be verified");
            MemoryNeed.Require(package, settings.CameraThreads.Count, memory);
            package.VerifyFiles();
            guard?.Check(path, package.ModelVersion, settings.AllowDowngrade);
            runners = new RunnerSet(package, 0, settings);
            VerifyGolden(package, runners.First);
            return new ReadyModel(package, settings, runners);
        }
        catch
        {
            runners?.Dispose();
            package.Dispose();
            throw;
        }
    }

    /// <summary>Loads a further level of a package that is in use.</summary>
    /// <exception cref="EdgeException">As for <see cref="Load"/>.</exception>
    public static RunnerSet LoadLevel(ReadyModel model, int level)
    {
        var runners = new RunnerSet(model.Package, level, model.Settings);
        try
        {
            VerifyGolden(model.Package, runners.First);
            return runners;
        }
        catch
        {
            runners.Dispose();
            throw;
        }
    }

    /// <summary>Where a link leads, so that every file comes from the same package even when the link moves meanwhile.</summary>
    private static string Follow(string path)
    {
        try
        {
            return LinkTarget.Of(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdgeException.BadInput($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static void VerifyGolden(Package package, ModelRunner runner)
    {
        var tolerance = package.Tolerance(runner.Level);
        int vector = 0;
        foreach (var golden in package.ReadGolden(runner.Level))
        {
            var distance = GoldenCheck.Distance(runner.Network, golden, $"{package.Path}: golden vector {vector}");
            if (!tolerance.Allows(distance))
                throw EdgeException.Refused($"{package.Path}: golden vector {vector} is not reproduced ({tolerance.Compare(distance)}"
                    + $"{(runner.Level == 0 ? "" : $", at level {runner.Level}")}); the package does not work on this machine");
            vector++;
        }
    }
}
