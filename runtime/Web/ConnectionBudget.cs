using System.Net;

namespace ResNetEdge.Web;

/// <summary>
/// How many connections there may be: few for each peer, and not many for all other machines together, while this machine has its own room.
/// Where there is none, the oldest connection of the peer that has most goes, unless somebody is being answered on it: connections that are
/// opened and left half open shut nobody out, not even other programs of the same peer.
/// </summary>
internal sealed class ConnectionBudget
{
    /// <summary>Of one peer.</summary>
    public const int MostOfPeer = 12;

    /// <summary>Of all other machines together.</summary>
    public const int MostOfOthers = 36;

    private readonly Lock _turn = new();
    private readonly List<WatchConnection> _open = []; // oldest first

    /// <summary>Makes room for a connection.</summary>
    /// <param name="peer">As <see cref="PeerAddress.Of"/> gives it.</param>
    /// <param name="isOwn">From this machine.</param>
    /// <param name="abort">Cuts it off, when its room is needed.</param>
    /// <returns>Null: everybody who has one is being answered. Else to be given back by <see cref="Leave"/>.</returns>
    public WatchConnection? Enter(IPAddress peer, bool isOwn, Action abort)
    {
        WatchConnection? victim = null;
        var place = new WatchConnection(peer, isOwn, abort);
        lock (_turn)
        {
            bool isPeerFull = _open.Count(c => c.Peer.Equals(peer)) >= MostOfPeer;
            bool isFull = !isOwn && _open.Count(c => !c.IsOwn) >= MostOfOthers;
            if (isPeerFull) victim = _open.Find(c => c.Peer.Equals(peer) && !c.IsServed);
            else if (isFull) victim = _open.Where(c => c is { IsOwn: false, IsServed: false }).GroupBy(c => c.Peer).MaxBy(g => g.Count())?.First();
            if ((isPeerFull || isFull) && victim is null) return null;
            if (victim is not null) _open.Remove(victim);
            _open.Add(place);
        }

        victim?.Abort();
        return place;
    }

    /// <summary>A connection is closed.</summary>
    public void Leave(WatchConnection place)
    {
        lock (_turn) _open.Remove(place);
    }
}
