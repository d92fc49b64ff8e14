using System.Net;

namespace ResNetEdge.Web;

/// <summary>
/// Slows down who guesses: a peer has some wrong tokens free, for people who mistype and scripts with an old one; after those each doubles the wait
/// before the next try is looked at. Forgotten after a quarter of an hour without a wrong one. From any thread.
/// </summary>
/// <param name="time">Of the waits.</param>
internal sealed class WrongTokens(TimeProvider time)
{
    /// <summary>Wrong tokens of a peer without consequence.</summary>
    public const int Free = 20;

    /// <summary>The longest that a peer has to wait.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private const int MostPeers = 1024;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1), Memory = TimeSpan.FromMinutes(15);
    private readonly Lock _turn = new();
    private readonly Dictionary<IPAddress, Tries> _peers = [];

    /// <summary>How long until a peer's next try is looked at; zero: it is now.</summary>
    public TimeSpan WaitOf(IPAddress peer)
    {
        lock (_turn)
        {
            if (!_peers.TryGetValue(peer, out var tries)) return TimeSpan.Zero;
            var left = tries.Wait - time.GetElapsedTime(tries.Last);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>A peer came with a wrong one.</summary>
    public void Add(IPAddress peer)
    {
        lock (_turn)
        {
            long now = time.GetTimestamp();
            if (!_peers.TryGetValue(peer, out var tries) || time.GetElapsedTime(tries.Last, now) > Memory)
            {
                Forget(now);
                tries = new Tries(0, TimeSpan.Zero, now);
            }

            var wait = tries.Count < Free ? TimeSpan.Zero : tries.Wait == TimeSpan.Zero ? FirstWait : tries.Wait * 2;
            _peers[peer] = new Tries(tries.Count + 1, wait < LongestWait ? wait : LongestWait, now);
        }
    }

    // Whoever has more addresses than there is room for makes the one go that was quiet longest.
    private void Forget(long now)
    {
        foreach (var old in _peers.Where(p => time.GetElapsedTime(p.Value.Last, now) > Memory).Select(p => p.Key).ToList()) _peers.Remove(old);
        if (_peers.Count >= MostPeers) _peers.Remove(_peers.MinBy(p => p.Value.Last).Key);
    }

    private readonly record struct Tries(int Count, TimeSpan Wait, long Last);
}
