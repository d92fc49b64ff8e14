using ResNetEdge.Engines;
using ResNetEdge.Packages;

namespace ResNetEdge.Service.Model;

/// <summary>
/// One level of a package, loaded once, with a runner for each camera: they share the weights, and each has its activations and threads. Each runner
/// is for one thread.
/// </summary>
internal sealed class RunnerSet : IDisposable
{
    private readonly ModelRunner[] _runners;

    /// <summary>Loads a level.</summary>
    /// <param name="package">Open, its files verified.</param>
    /// <param name="level">Of its ladder.</param>
    /// <param name="settings">Engine, and the threads of each camera.</param>
    /// <exception cref="EdgeException">As for <see cref="ModelRunner(Package, int, string, EngineOptions)"/>.</exception>
    public RunnerSet(Package package, int level, ModelSettings settings)
    {
        var threads = settings.CameraThreads;
        int most = threads.Max();
        var planned = new ModelRunner(package, level, settings.Engine, new EngineOptions { Threads = most });
        bool isFirst = threads[0] == most; // else it is no camera's
        _runners = isFirst ? [planned, .. threads.Skip(1).Select(planned.Fork)] : [.. threads.Select(planned.Fork)];
        if (!isFirst) planned.Dispose();
    }

    /// <summary>The first camera's.</summary>
    public ModelRunner First => _runners[0];

    /// <summary>A camera's each, in the order of the configuration.</summary>
    public IReadOnlyList<ModelRunner> All => _runners;

    /// <summary>A camera's.</summary>
    /// <param name="camera">Its place in the configuration, from 0.</param>
    public ModelRunner this[int camera] => _runners[camera];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var runner in _runners) runner.Dispose();
    }
}
