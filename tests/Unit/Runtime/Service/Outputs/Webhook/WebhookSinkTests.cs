using System.Security.Cryptography;
using System.Text.Json;
using ResNetEdge.Service.Outputs.Webhook;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Webhook;

public sealed class WebhookSinkTests : IDisposable
{
    private readonly FakeWebServer _server = new();
    private readonly FakeTime _time = new();
    private readonly SinkBench _bench;

    public WebhookSinkTests() => _bench = new SinkBench(_time);

    private string Queue => Path.Combine(_bench.Folder, "webhook-out");

    public void Dispose()
    {
        _server.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public void An_event_is_posted_signed_and_named()
    {
        string token = Path.Combine(_bench.Folder, "token"), secret = Path.Combine(_bench.Folder, "secret");
        File.WriteAllText(token, "abc\n");
        File.WriteAllText(secret, "k3y\r\n");
        using var sink = (Settings() with { TokenFile = token, SecretFilePath = secret }).Open(_bench.Context);
        sink.Accept(SinkBench.Event(1));
        SinkBench.Until(() => sink.Status.Delivered == 1, "the delivery");
        var post = Assert.Single(_server.Posts);
        Assert.Equal("POST /hook?x=1 HTTP/1.1", post.Line);
        Assert.Equal(
            ("application/json", "Bearer abc", "ResNetEdge"),
            (post.Headers["Content-Type"], post.Headers["Authorization"], post.Headers["User-Agent"]));
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("k3y"u8, post.Body)), post.Headers["X-ResNetEdge-Signature"]);
        Assert.Equal(32, post.Headers["Idempotency-Key"].Length);
        Assert.Equal("door", JsonDocument.Parse(post.Text).RootElement.GetProperty("rule").GetString());
        Assert.Empty(Directory.GetFiles(Queue, "*.json"));
    }

    [Fact]
    public void Whatever_goes_wrong_each_event_arrives_in_order_under_one_key()
    {
        _server.Answer(
            "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "drop", "nonsense\r\n\r\n",
            "HTTP/1.1 429 Slow\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 302 There\r\nLocation: http://example.org/\r\nContent-Length: 0\r\n\r\n");
        using var sink = Settings().Open(_bench.Context);
        for (int i = 0; i < 5; i++) sink.Accept(SinkBench.Event(i));
        Advance(() => sink.Status.Delivered == 5, "all");
        var posts = _server.Posts;
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], posts.Select(Frame));
        Assert.Single(posts.Take(7).Select(p => p.Headers["Idempotency-Key"]).Distinct());
        Assert.Equal(5, posts.Select(p => p.Headers["Idempotency-Key"]).Distinct().Count());
        Assert.Equal((6L, 0L, null), (sink.Status.Failures, sink.Status.Dropped, sink.Status.LastError));
        Assert.True(_time.Now >= TimeSpan.FromHours(1) + TimeSpan.FromSeconds(60), "the server asked for a minute");
        Assert.Equal(2, _bench.Logged.Count); // fails, works again
    }

    [Fact]
    public void What_the_server_will_never_take_is_dropped_counted_and_told()
    {
        _server.Answer("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
        using var sink = Settings().Open(_bench.Context);
        sink.Accept(SinkBench.Event(1));
        sink.Accept(SinkBench.Event(2));
        SinkBench.Until(() => sink.Status.Delivered == 1, "the second");
        Assert.Equal((1L, 1L), (sink.Status.Dropped, sink.Status.Failures));
        Assert.Contains(_bench.Logged, l => l.Contains("answered 410; the event is dropped", StringComparison.Ordinal));
        Assert.Equal([1, 2], _server.Posts.Select(Frame));
    }

    [Fact]
    public void Events_survive_the_process_while_the_server_is_away()
    {
        var url = _server.Url;
        _server.Dispose();
        var first = (Settings() with { Url = url }).Open(_bench.Context);
        for (int i = 0; i < 20; i++) first.Accept(SinkBench.Event(i));
        SinkBench.Until(() => Directory.Exists(Queue) && Directory.GetFiles(Queue, "*.json").Length == 20, "all on disk");
        first.Dispose();
        Assert.Equal(0, first.Status.Dropped);
        using var server = new FakeWebServer();
        using var second = (Settings() with { Url = server.Url }).Open(_bench.Context); // another address, the same output: what waits goes there
        SinkBench.Until(() => second.Status.Delivered == 20, "what was left");
        Assert.Equal(Enumerable.Range(0, 20), server.Posts.Select(Frame));
    }

    [Fact]
    public void Its_end_delivers_what_it_can_and_leaves_a_silent_server()
    {
        var sink = Settings().Open(_bench.Context);
        for (int i = 0; i < 10; i++) sink.Accept(SinkBench.Event(i));
        sink.Dispose();
        int left = Directory.GetFiles(Queue, "*.json").Length;
        Assert.Equal(10, _server.Posts.Count + left);
        _server.Answer([.. Enumerable.Repeat("silence", 20)]);
        var silent = Settings().Open(_bench.Context);
        silent.Accept(SinkBench.Event(10));
        silent.Dispose(); // would wait ten seconds an attempt
        Assert.Equal(0, silent.Status.Dropped);
        Assert.True(Directory.GetFiles(Queue, "*.json").Length >= 1);
    }

    [Fact]
    public void A_full_queue_drops_the_newest_and_a_full_disk_waits()
    {
        var url = _server.Url;
        _server.Dispose();
        using (var sink = (Settings() with { Url = url, MaxItems = 3 }).Open(_bench.Context))
        {
            for (int i = 0; i < 5; i++) sink.Accept(SinkBench.Event(i));
            SinkBench.Until(() => sink.Status is { Dropped: 2, Queued: 3 }, "the newest to be dropped");
        }

        Directory.Delete(Queue, recursive: true);
        File.WriteAllText(Queue, "in the way"); // stands for a disk that takes nothing
        using var server = new FakeWebServer();
        using var waiting = (Settings() with { Url = server.Url }).Open(_bench.Context);
        waiting.Accept(SinkBench.Event(1));
        Advance(() => waiting.Status.Failures > 2, "attempts");
        Assert.Equal((1L, 0L), (waiting.Status.Queued, waiting.Status.Dropped));
        File.Delete(Queue);
        Advance(() => waiting.Status.Delivered == 1, "the event");
    }

    [Fact]
    public void A_flood_of_events_is_bounded_and_allocates_nothing_for_who_gives_them()
    {
        File.WriteAllText(Queue, "in the way");
        using var sink = Settings().Open(_bench.Context);
        var change = SinkBench.Event(1);
        for (int i = 0; i < 2000; i++) sink.Accept(change);
        // The first time that two threads meet at a lock, the runtime makes something to wait on; what each event makes comes again.
        long allocated = 1;
        for (int flood = 0; flood < 3 && allocated > 0; flood++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100_000; i++) sink.Accept(change);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        SinkBench.Until(() => sink.Status.Accepted == sink.Status.Queued + sink.Status.Dropped, "all to be counted");
        Assert.InRange(sink.Status.Queued, 100, 2000);
    }

    private static int Frame(FakeWebServer.Post post) => JsonDocument.Parse(post.Text).RootElement.GetProperty("frame").GetInt32();

    private WebhookSettings Settings() => new("out", _server.Url, null, null, TimeSpan.FromSeconds(10), 1000, 1);

    private void Advance(Func<bool> condition, string what) => SinkBench.Until(
        () =>
        {
            if (condition()) return true;
            Thread.Yield();
            _time.Advance(TimeSpan.FromMilliseconds(50));
            return false;
        }, what);
}
