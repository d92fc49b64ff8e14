using ResNetEdge.Service;
using ResNetEdge.Service.Watch;
#if EDGE_WEB
using ResNetEdge.Web;
#endif

namespace ResNetEdge.Daemon.Commands;

/// <summary>Metrics and live page, where they are part of this build (<c>-p:EdgeWeb=false</c> leaves them out).</summary>
internal static class WatchPart
{
#if EDGE_WEB
    /// <summary>Whether they are.</summary>
    public const bool IsBuilt = true;

    /// <summary>What starts them.</summary>
    public static Func<WatchSettings, IWatched, IDisposable>? Starter(Log log, TimeProvider time) =>
        (settings, watched) => WatchServer.Start(settings, watched, log, time);
#else
    /// <summary>Whether they are.</summary>
    public const bool IsBuilt = false;

    /// <summary>Null: a configuration that asks for them is refused.</summary>
    public static Func<WatchSettings, IWatched, IDisposable>? Starter(Log log, TimeProvider time)
    {
        _ = (log, time);
        return null;
    }
#endif
}
