using ResNetEdge.Service.Systemd;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// Feeds the watchdog while a camera's frames are answered, or while there is no camera at all: a restart would find none either. A camera that
/// hangs does not have the process restarted while others work. For the service thread.
/// </summary>
/// <param name="streams">The cameras.</param>
/// <param name="notifier">The service manager.</param>
internal sealed class Heartbeat(IReadOnlyList<CameraStream> streams, Notifier notifier)
{
    private readonly long[] _seen = new long[streams.Count];

    /// <summary>Feeds it if there is reason to, since the last call.</summary>
    public void Feed()
    {
        bool isAnswering = false, hasBeat = false, areAllAbsent = true;
        for (int i = 0; i < _seen.Length; i++)
        {
            var stream = streams[i];
            long beats = stream.Beats;
            bool beat = beats != _seen[i], isAbsent = stream.IsAbsent;
            _seen[i] = beats;
            hasBeat |= beat;
            isAnswering |= beat && !isAbsent;
            areAllAbsent &= isAbsent || stream.HasEnded;
        }

        if (isAnswering || (hasBeat && areAllAbsent)) notifier.Feed();
    }
}
