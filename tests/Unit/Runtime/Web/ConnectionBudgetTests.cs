using System.Net;
using ResNetEdge.Web;

namespace ResNetEdge.Tests.Unit.Runtime.Web;

/// <summary>Who loses a connection when there are too many.</summary>
public class ConnectionBudgetTests
{
    private readonly ConnectionBudget _budget = new();
    private readonly List<string> _aborted = [];

    [Fact]
    public void A_peer_at_its_limit_loses_its_own_oldest_connection()
    {
        var friend = Enter("192.0.2.1", "friend");
        for (int i = 0; i < ConnectionBudget.MostOfPeer + 3; i++) Assert.NotNull(Enter("192.0.2.66", $"{i}"));
        Assert.NotNull(friend);
        Assert.Equal(["0", "1", "2"], _aborted);
    }

    [Fact]
    public void Many_peers_at_their_limits_leave_room_for_others_and_for_this_machine()
    {
        for (int peer = 1; peer <= 20; peer++)
            for (int i = 0; i < ConnectionBudget.MostOfPeer; i++) Enter($"198.51.100.{peer}", $"flood {peer}");
        Assert.NotNull(Enter("192.0.2.1", "friend"));
        Assert.NotNull(Enter("127.0.0.1", "health", isOwn: true));
        Assert.All(_aborted, name => Assert.StartsWith("flood", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Who_is_being_answered_is_never_cut_off()
    {
        var served = Enumerable.Range(0, ConnectionBudget.MostOfPeer).Select(i => Enter("192.0.2.1", $"{i}")!).ToList();
        served.ForEach(s => s.IsServed = true);
        Assert.Null(Enter("192.0.2.1", "one more"));
        served[3].IsServed = false;
        Assert.NotNull(Enter("192.0.2.1", "one more"));
        Assert.Equal(["3"], _aborted);
        _budget.Leave(served[0]);
        Assert.NotNull(Enter("192.0.2.1", "another"));
        Assert.Equal(["3"], _aborted);
    }

    [Theory]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("127.8.9.1", "127.0.0.1")]
    [InlineData("::1", "127.0.0.1")]
    public void One_host_is_one_peer(string address, string peer) => Assert.Equal(IPAddress.Parse(peer), PeerAddress.Of(IPAddress.Parse(address)));

    private WatchConnection? Enter(string peer, string name, bool isOwn = false) =>
        _budget.Enter(IPAddress.Parse(peer), isOwn, () => _aborted.Add(name));
}
