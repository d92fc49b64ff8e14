using System.Text.Json;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native;
using ResNetEdge.Service;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Outputs.Frames;
using ResNetEdge.Service.Pictures;
using ResNetEdge.Tasks.Classification;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Pixels.Frames;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Frames;

public sealed class FramesSinkTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly SinkBench _bench;
    private readonly FrameMemory _memory = new(FourCc.Grey, 64, 48, 0, new Random(1));

    public FramesSinkTests() => _bench = new SinkBench(_time);

    public void Dispose()
    {
        _memory.Dispose();
        _bench.Dispose();
    }

    private string Folder => Path.Combine(_bench.Folder, "kept");

    [SkippableFact]
    public void A_frame_that_turned_a_rule_on_is_kept_with_its_event()
    {
        SkipWithoutJpeg();
        using var sink = Settings("rule").Open(_bench.Context);
        _bench.Accept(sink, SinkBench.Event(1), 90);
        _bench.Accept(sink, SinkBench.Event(2, isOn: false));
        Wait(sink, 1);
        string name = Assert.Single(Directory.GetFiles(Folder, "*.jpg"));
        Assert.Equal("0000000001-20260101-000000-rule.jpg", Path.GetFileName(name));
        Assert.Equal((64, 48, 90), SinkBench.Look(File.ReadAllBytes(name)));
        string line = File.ReadAllText(Path.ChangeExtension(name, ".json"));
        Assert.EndsWith("}\n", line, StringComparison.Ordinal);
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(("rule", "rule", "door"),
            (json.GetProperty("kept").GetString(), json.GetProperty("event").GetString(), json.GetProperty("rule").GetString()));
    }

    [SkippableFact]
    public void Frames_of_which_the_network_is_unsure_are_kept_at_most_so_many_and_not_two_of_a_scene()
    {
        SkipWithoutJpeg();
        using var sink = (Settings("band") with { PerHour = 3, Pause = TimeSpan.FromSeconds(10) }).Open(_bench.Context);
        foreach (float score in new[] { 0.39f, 0.61f, 0.99f, float.NaN }) Decide(sink, score);
        for (int second = 0; second < 100; second++)
        {
            Decide(sink, 0.5f);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Wait(sink, 3);
        _time.Advance(TimeSpan.FromHours(1));
        Decide(sink, 0.4f);
        Wait(sink, 4);
        var lines = Directory.GetFiles(Folder, "*.json").Select(f => JsonDocument.Parse(File.ReadAllText(f)).RootElement);
        Assert.All(lines, l => Assert.Equal(("band", "result"), (l.GetProperty("kept").GetString(), l.GetProperty("event").GetString())));
        Assert.Equal(
            ["000000", "000010", "000020", "010140"],
            Directory.GetFiles(Folder, "*.jpg").Order(StringComparer.Ordinal).Select(f => Path.GetFileName(f).Split('-')[2]));
        Assert.Equal(0, sink.Status.Dropped);
    }

    [SkippableFact]
    public void Frames_are_kept_while_scores_are_spread_otherwise_than_on_the_first_day_which_a_restart_remembers()
    {
        SkipWithoutJpeg();
        var settings = Settings("drift") with { Pause = TimeSpan.FromMinutes(30) };
        using (var sink = settings.Open(_bench.Context))
        {
            Day(sink, 0.95f);
            SinkBench.Until(() => File.Exists(Path.Combine(_bench.Folder, "frames-out.scores")), "the first day's scores");
            Day(sink, 0.95f);
            Assert.Equal(0, sink.Status.Accepted);
        }

        using var again = settings.Open(_bench.Context);
        Day(again, 0.55f);
        Day(again, 0.55f);
        SinkBench.Until(() => again.Status.Delivered >= 24, $"frames; {again.Status}");
        Assert.Contains(_bench.Logged, l => l.StartsWith("scores are spread otherwise than in the first day", StringComparison.Ordinal));
        Assert.All(Directory.GetFiles(Folder, "*.jpg"), f => Assert.EndsWith("-drift.jpg", f, StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_folder_that_cannot_be_written_to_is_told_and_drops_frames()
    {
        SkipWithoutJpeg();
        File.WriteAllText(Folder, "in the way");
        using var sink = Settings("rule").Open(_bench.Context);
        _bench.Accept(sink, SinkBench.Event(1));
        SinkBench.Until(() => sink.Status is { Dropped: 1, Failures: 1, Queued: 0 }, $"the trouble; {sink.Status}");
        File.Delete(Folder);
        _time.Advance(TimeSpan.FromMinutes(1));
        _bench.Accept(sink, SinkBench.Event(2));
        Wait(sink, 1);
    }

    [Fact]
    public void Frames_that_are_not_kept_cost_no_memory()
    {
        using var sink = Settings("band", "drift").Open(_bench.Context);
        using var result = Result(0.99f);
        sink.Accept(result);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _bench.Pictures.Show(0, _memory.Frame);
            sink.Accept(result);
            _bench.Pictures.Hide(0);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Day(ISink sink, float score)
    {
        for (int minute = 0; minute <= 24 * 60; minute += 5)
        {
            Decide(sink, score);
            _time.Advance(TimeSpan.FromMinutes(5));
        }
    }

    private void Decide(ISink sink, float score)
    {
        using var result = Result(score);
        long before = sink.Status.Accepted;
        _bench.Pictures.Show(0, _memory.Frame);
        sink.Accept(result);
        _bench.Pictures.Hide(0);
        SinkBench.Until(() => sink.Status.Queued == 0, "the frame to be written"); // no picture takes the place of another
        Assert.InRange(sink.Status.Accepted - before, 0, 1);
    }

    private FrameResult Result(float score) => new(Classes.Named(new RankedClass(1, "cat", score))) { DoneTime = _time.Now, Source = "camera" };

    private static void Wait(ISink sink, int delivered) => SinkBench.Until(() => sink.Status.Delivered == delivered, $"{delivered}; {sink.Status}");

    private FramesSettings Settings(params string[] when) =>
        new("out", Folder, new(when), (0.4, 0.6), 0.25, 16, 100, 1000, TimeSpan.Zero, new PictureForm(640, 90));

    private static void SkipWithoutJpeg() => Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");
}
