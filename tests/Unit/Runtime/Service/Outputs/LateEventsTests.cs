using System.Text;
using ResNetEdge.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

/// <summary>An output that was away and comes back learns what each rule is now, however many changes found no room.</summary>
public class LateEventsTests
{
    [Fact]
    public void The_newest_change_of_each_rule_comes_last_after_a_flood()
    {
        using var bench = new SinkBench();
        var sink = new AwaySink(bench.Context);
        const int flood = 2000; // of 200 bytes and more, where 16 KiB are
        for (int i = 1; i <= flood; i++)
        {
            sink.Accept(SinkBench.Event(i, isOn: true));
            sink.Accept(SinkBench.Event(i, isOn: i != flood, rule: "window"));
        }

        sink.Accept(SinkBench.Event(flood + 1, isOn: false));
        Assert.InRange(sink.Status.Dropped, flood, 2 * flood);
        sink.IsThere = true;
        sink.Look();
        SinkBench.Until(() => sink.Status.Accepted == sink.Status.Delivered + sink.Status.Dropped, "all to be delivered");
        sink.Dispose();
        Assert.Contains("\"rule\":\"window\",\"on\":false", sink.Delivered[^2], StringComparison.Ordinal);
        Assert.Contains("\"rule\":\"door\",\"on\":false", sink.Delivered[^1], StringComparison.Ordinal);
        Assert.Equal(sink.Status.Accepted, sink.Status.Dropped + sink.Delivered.Count);
    }

    [Fact]
    public void An_order_is_kept_for_each_rule()
    {
        var late = new LateEvents();
        var item = new SinkItem();
        Assert.False(late.Has("a"u8) || late.TryTake(item));
        Assert.False(late.Replace("a"u8, "1"u8, 1));
        Assert.False(late.Replace("b"u8, "2"u8, 2));
        Assert.True(late.Replace("a"u8, "3"u8, 3));
        Assert.Equal((2, true, false), (late.Count, late.Has("a"u8), late.Has("c"u8)));
        Assert.Equal(["b22", "a33"], Taken());
        Assert.False(late.Replace("c"u8, "4"u8, 4));
        Assert.Equal(["c44"], Taken());

        List<string> Taken()
        {
            var taken = new List<string>();
            while (late.TryTake(item)) taken.Add($"{Encoding.UTF8.GetString(item.Name)}{Encoding.UTF8.GetString(item.Json)}{item.Picture}");
            return taken;
        }
    }

    private sealed record AwaySettings() : SinkSettings("away", "away")
    {
        public override ISink Open(SinkContext context) => new AwaySink(context);
    }

    private sealed class AwaySink : QueuedSink
    {
        public AwaySink(SinkContext context) : base(new AwaySettings(), new FeedSettings(false, true, 1, 16), context) => Start();

        public volatile bool IsThere;

        public List<string> Delivered { get; } = [];

        public void Look() => Wake();

        protected override bool Deliver(SinkItem item)
        {
            if (!IsThere) return false;
            Delivered.Add(Encoding.UTF8.GetString(item.Json));
            Counters.Delivered(1);
            return true;
        }

        protected override TimeSpan? Idle(bool isEmpty) => null;

        protected override void Close()
        {
        }
    }
}
