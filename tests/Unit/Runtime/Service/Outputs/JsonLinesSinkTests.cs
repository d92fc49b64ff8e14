using System.Text.Json;
using ResNetEdge.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

public sealed class JsonLinesSinkTests : IDisposable
{
    private readonly SinkBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Results_and_events_are_lines_in_order()
    {
        var settings = Settings() with { Feed = SinkBench.Both with { EveryNth = 2 } };
        using (var sink = settings.Open(_bench.Context))
        {
            for (int frame = 1; frame <= 4; frame++)
            {
                using var result = SinkBench.Result(frame);
                sink.Accept(result);
            }

            sink.Accept(SinkBench.Event(4));
            SinkBench.Until(() => sink.Status.Delivered == 3, "the lines");
        }

        var lines = File.ReadAllLines(settings.Path!).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["result", "result", "rule"], lines.Select(l => l.GetProperty("event").GetString()));
        Assert.Equal([1, 3, 4], lines.Select(l => l.GetProperty("frame").GetInt32()));
        Assert.Equal("cat", lines[0].GetProperty("top")[0].GetProperty("label").GetString());
        Assert.Equal(("door", true, "cat", "seen"), (lines[2].GetProperty("rule").GetString(), lines[2].GetProperty("on").GetBoolean(),
            lines[2].GetProperty("label").GetString(), lines[2].GetProperty("reason").GetString()));
    }

    [Fact]
    public void A_sink_for_results_still_takes_the_events_of_rules_that_name_it()
    {
        var settings = Settings() with { Feed = new(true, false, 1, 16) };
        Assert.True(settings is { WantsResults: true, WantsEvents: false });
        using (var sink = settings.Open(_bench.Context)) sink.Accept(SinkBench.Event(1));
        Assert.Single(File.ReadAllLines(settings.Path!));
    }

    [Fact]
    public void A_full_disk_drops_counts_says_so_once_and_recovers()
    {
        using var file = new FaultyFile();
        using var sink = new JsonLinesSink(Settings(), _bench.Context, file);
        file.Trouble = new IOException("No space left on device");
        for (int i = 1; i <= 3; i++)
        {
            sink.Accept(SinkBench.Event(i));
            SinkBench.Until(() => sink.Status.Dropped == i, "the drop");
        }

        Assert.Equal((3L, "No space left on device"), (sink.Status.Failures, sink.Status.LastError));
        file.Trouble = null;
        sink.Accept(SinkBench.Event(4));
        SinkBench.Until(() => sink.Status.Delivered == 1, "the line");
        Assert.Null(sink.Status.LastError);
        Assert.Equal(["output fails: No space left on device output=out", "output works again output=out"], _bench.Logged);
    }

    [Fact]
    public void A_flood_against_a_file_that_hangs_is_dropped_and_counted_and_keeps_room_for_events()
    {
        using var file = new FaultyFile();
        file.Hang.Reset();
        using (var sink = new JsonLinesSink(Settings() with { Feed = SinkBench.Both with { QueueKib = 64 } }, _bench.Context, file))
        {
            SinkBench.Flood(sink, 100_000);
            var status = sink.Status;
            Assert.Equal(100_000 + 100 + 1 + 100, status.Accepted);
            Assert.InRange(status.Queued, 1, 2000);
            Assert.InRange(status.Dropped, 97_000, 100_200);
            Assert.Contains("output cannot keep up: results and events are dropped output=out", _bench.Logged);
            file.Hang.Set();
            SinkBench.Until(() => status.Accepted == sink.Status.Delivered + sink.Status.Dropped, "the rest");
        }

        Assert.True(file.Events >= 30, $"{file.Events} events came through");
    }

    [Fact]
    public void Its_end_writes_what_waits_and_is_bounded_in_time()
    {
        using var file = new FaultyFile();
        using (var sink = new JsonLinesSink(Settings(), _bench.Context, file))
        {
            for (int i = 0; i < 500; i++) sink.Accept(SinkBench.Event(i));
        }

        Assert.Equal(500, file.Events);
        file.Hang.Reset();
        var hanging = new JsonLinesSink(Settings(), _bench.Context, file);
        hanging.Accept(SinkBench.Event(1));
        hanging.Dispose(); // would wait for ever
        Assert.Contains("output does not stop and was abandoned output=out", _bench.Logged);
        file.Hang.Set();
        SinkBench.Until(() => hanging.Status.Queued == 0, "the thread's end");
    }

    private JsonLinesSettings Settings() => new("out", Path.Combine(_bench.Folder, "events.jsonl"), 1, 2, SinkBench.Both);

    private sealed class FaultyFile : ILineFile
    {
        public ManualResetEventSlim Hang { get; } = new(true);

        public volatile IOException? Trouble;

        public int Events { get; private set; }

        public void Write(ReadOnlySpan<byte> lines)
        {
            Hang.Wait();
            if (Trouble is { } trouble) throw trouble;
            Assert.Equal((byte)'\n', lines[^1]);
            Events += System.Text.Encoding.UTF8.GetString(lines).Split('\n').Count(l => l.Contains("\"event\":\"rule\"", StringComparison.Ordinal));
        }

        public void Dispose()
        {
        }
    }
}
