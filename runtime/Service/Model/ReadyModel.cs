using System.Globalization;
using ResNetEdge.Packages;

namespace ResNetEdge.Service.Model;

/// <summary>A verified package, open, with its whole network loaded.</summary>
/// <param name="Package">Stays open: levels of its ladder are loaded from it later.</param>
/// <param name="Settings">By which it was loaded.</param>
/// <param name="Runners">The level of the ladder that is in use, for each camera; owned, like the package.</param>
internal sealed record ReadyModel(Package Package, ModelSettings Settings, RunnerSet Runners) : IDisposable
{
    /// <summary>The first camera's runner: all have the same level, labels and engine.</summary>
    public ModelRunner Runner => Runners.First;

    /// <summary>SHA-256 of the manifest, which names the SHA-256 of every file: what this package is, wherever it lies.</summary>
    public string Id { get; } = Sha256.Hex(Package.ManifestBytes.Span);

    /// <summary>As the metrics and the live page show it.</summary>
    public ModelStatus Status => new(
        Package.Name, Package.Path, Package.ModelVersion?.ToString(CultureInfo.InvariantCulture), Package.Manifest?.Precision ?? "",
        Runner.Engine.Name, Runner.Level, Package.Levels, Package.SignedBy is not null);

    /// <summary>Logs what the engine says of how it runs the network, a line each.</summary>
    public void LogNotes(Log log)
    {
        foreach (string note in Runner.Engine.Notes) log.Notice("the model runs with a note", ("note", note), ("model", Package.Name));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Runners.Dispose();
        Package.Dispose();
    }
}
