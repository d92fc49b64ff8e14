using System.Text.Json;
using ResNetEdge.Service;
using ResNetEdge.Service.Telemetry;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Telemetry;

public sealed class OtlpPushTests : IDisposable
{
    private const string Empty = "\r\nContent-Length: 0\r\n\r\n";
    private readonly FakeWebServer _server = new();
    private readonly FakeTime _time = new();
    private readonly TempFolder _folder = new();
    private readonly StringWriter _text = new();
    private readonly Log _log;
    private readonly TimeSpan _began;
    private ServiceSnapshot _now = FakeWatched.Running();

    public OtlpPushTests()
    {
        _log = new Log(TextWriter.Synchronized(_text), _time, isJournal: true);
        _began = _time.Now - TimeSpan.FromMinutes(5);
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
        _text.Dispose();
    }

    [Fact]
    public void Metrics_are_pushed_at_once_and_at_each_interval()
    {
        using var push = Start();
        SinkBench.Until(() => push.Counts.Taken == 1, "the first");
        _now = _now with { Frames = 123457 };
        Next(push);
        Assert.Equal(new PushCounts(2, 0), push.Counts);
        Assert.Equal(["123456", "123457"], _server.Posts.Select(p => Point(p, "resnetedge_frames").GetProperty("asDouble").GetRawText()));
        var post = _server.Posts[0];
        Assert.Equal(
            ("POST /hook?x=1 HTTP/1.1", "application/json", "ResNetEdge"), (post.Line, post.Headers["Content-Type"], post.Headers["User-Agent"]));
        Assert.Empty(_log.Recent);
    }

    [Fact]
    public void A_collector_that_fails_is_told_of_once_and_the_next_push_makes_up_for_it()
    {
        _server.Answer("HTTP/1.1 503 No" + Empty, "HTTP/1.1 503 No" + Empty, "drop", "HTTP/1.1 302 There\r\nLocation: http://example.org/" + Empty,
            "HTTP/1.1 200 OK" + Empty);
        using var push = Start();
        SinkBench.Until(() => push.Counts.Failed == 1, "the first");
        for (int i = 0; i < 4; i++) Next(push);
        Assert.Equal(new PushCounts(1, 4), push.Counts);
        var said = _log.Recent.Select(l => l.Text).ToList();
        Assert.Equal(4, said.Count); // 503, the broken connection, 302, works again
        Assert.Contains("answered 503", said[0], StringComparison.Ordinal);
        Assert.Contains("answered 302", said[2], StringComparison.Ordinal);
        Assert.Contains("pushed again", said[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"too old"}}""", true)]
    [InlineData("""{"partialSuccess":{"rejectedDataPoints":3}}""", true)]
    [InlineData("""{"partialSuccess":{"errorMessage":"use gzip"}}""", false)]
    [InlineData("""{"partialSuccess":{}}""", false)]
    [InlineData("{}", false)]
    [InlineData("thanks", false)]
    public void Values_that_the_collector_left_out_are_told(string answer, bool isTold)
    {
        _server.Answer($"HTTP/1.1 200 OK\r\nContent-Length: {answer.Length}\r\n\r\n{answer}");
        using var push = Start();
        SinkBench.Until(() => push.Counts != default, "the answer");
        Assert.Equal(isTold ? new PushCounts(0, 1) : new PushCounts(1, 0), push.Counts);
        if (isTold) SinkBench.Until(() => _log.Recent.Any(l => l.Text.Contains("rejected 3 values", StringComparison.Ordinal)), "the line");
    }

    [Fact]
    public void Keys_come_from_a_file_that_is_read_again_and_stay_out_of_the_log()
    {
        File.WriteAllText(_folder["headers"], "# ours\r\nAuthorization: Bearer one\r\n\r\nX-Team : a: b \n");
        using var push = Start(_folder["headers"]);
        SinkBench.Until(() => push.Counts.Taken == 1, "the first");
        File.WriteAllText(_folder["headers"], "Authorization: Bearer two");
        Next(push);
        Assert.Equal(["Bearer one", "Bearer two"], _server.Posts.Select(p => p.Headers["Authorization"]));
        Assert.Equal("a: b", _server.Posts[0].Headers["X-Team"]);
        File.WriteAllText(_folder["headers"], "X: 1\nBearer secret");
        Next(push);
        Assert.Equal(2, _server.Posts.Count);
        SinkBench.Until(() => _log.Recent.Count > 0, "the line");
        Assert.Contains("line 2: not a header", _log.Recent[^1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", _text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_headers_that_is_gone_or_too_long_pushes_nothing()
    {
        using var push = Start(_folder["headers"]);
        SinkBench.Until(() => push.Counts.Failed == 1, "the first");
        File.WriteAllText(_folder["headers"], new string('x', 20_000));
        Next(push);
        File.WriteAllLines(_folder["headers"], Enumerable.Range(0, 17).Select(i => $"X{i}: y"));
        Next(push);
        Assert.Equal(new PushCounts(0, 3), push.Counts);
        Assert.Empty(_server.Posts);
    }

    /// <summary>
    /// Another start means to a collector that counting began anew: it must not follow a clock that is trimmed, and must follow one that was wrong.
    /// </summary>
    [Fact]
    public void The_start_stands_while_the_clock_is_trimmed_and_moves_when_it_is_set()
    {
        using var push = Start();
        SinkBench.Until(() => push.Counts.Taken == 1, "the first");
        foreach (double seconds in new[] { 0.02, -0.4, 5, 864_000 })
        {
            _time.JumpWallClock(TimeSpan.FromSeconds(seconds));
            Next(push);
        }

        var starts = _server.Posts.Select(p => Point(p, "resnetedge_frames").GetProperty("startTimeUnixNano").GetString()).ToList();
        Assert.Equal(5, starts.Count);
        Assert.Single(starts.Take(4).Distinct());
        Assert.InRange((long.Parse(starts[4]!) - long.Parse(starts[0]!)) / 1e9, 864_000, 864_060);
    }

    [Fact]
    public void A_collector_that_says_nothing_holds_nobody_up()
    {
        _server.Answer("silence");
        var push = Start();
        SinkBench.Until(() => _server.Posts.Count == 1, "the push");
        push.Dispose();
        Assert.Equal(default, push.Counts);
        Assert.Empty(_log.Recent);
    }

    private OtlpPush Start(string? headers = null) =>
        new(new(_server.Url, TimeSpan.FromSeconds(60), headers, "gate"), () => _now with { Uptime = _time.Now - _began }, "0.1.0", _time, _log);

    /// <summary>The next push, when this one is over. The thread may not wait yet when the clock is moved: it is moved until it did.</summary>
    private void Next(OtlpPush push)
    {
        var before = push.Counts;
        SinkBench.Until(
            () =>
            {
                if (push.Counts == before) _time.Advance(TimeSpan.FromSeconds(1));
                return push.Counts != before;
            },
            "the next push");
    }

    private static JsonElement Point(FakeWebServer.Post post, string metric)
    {
        var metrics =
            JsonDocument.Parse(post.Body).RootElement.GetProperty("resourceMetrics")[0].GetProperty("scopeMetrics")[0].GetProperty("metrics");
        return metrics.EnumerateArray().Single(m => m.GetProperty("name").GetString() == metric).GetProperty("sum").GetProperty("dataPoints")[0];
    }
}
