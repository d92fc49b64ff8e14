using ResNetEdge.Service.Watch;

namespace ResNetEdge.Cli;

/// <summary>Metrics and live page, where they are part of this build.</summary>
internal static class WatchPart
{
    /// <summary>Starts them; null in a build without.</summary>
    public static Func<WatchSettings, IWatched, IDisposable>? Start => null;
}
