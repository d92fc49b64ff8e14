using System.Text;
using ResNetEdge.Service;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service;

/// <summary>A log must neither fill a disk nor end the service nor command a terminal.</summary>
public sealed class LogTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly FaultyWriter _writer = new();
    private readonly Log _log;

    public LogTests() => _log = new Log(_writer, _time, isJournal: true);

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void A_fault_of_each_frame_is_written_ever_more_rarely_and_counted()
    {
        const int frames = 100_000, framesPerSecond = 30;
        for (int frame = 0; frame < frames; frame++)
        {
            _log.Warning("a frame cannot be used", ("reason", $"premature end at {frame}"));
            _time.Advance(TimeSpan.FromSeconds(1.0 / framesPerSecond));
        }

        Assert.InRange(_writer.Lines.Count, 30, 100); // an hour
        long leftOut = _writer.Lines.Sum(l => l.Contains("left_out=", StringComparison.Ordinal) ? long.Parse(l.Split("left_out=")[1]) : 0);
        _log.Settle();
        _time.Advance(TimeSpan.FromMinutes(2));
        _log.Settle();
        leftOut += long.Parse(_writer.Lines[^1].Split("left_out=")[1]);
        Assert.Equal(frames, leftOut + _writer.Lines.Count - 1);
        Assert.InRange(_log.Recent.Count, 1, 100);
        int told = _writer.Lines.Count;
        _log.Settle();
        Assert.Equal(told, _writer.Lines.Count);
    }

    [Fact]
    public void A_flood_of_one_kind_hides_no_other()
    {
        for (int i = 0; i < 1000; i++)
        {
            _log.Warning("camera lost; opening it again", ("reason", "it hangs"), ("failures", i));
            _log.Warning($"output fails: refused {i}", ("output", "office"));
        }

        int before = _writer.Lines.Count;
        _log.Error("model refused, the old one goes on", ("reason", "it is damaged"));
        _log.Warning("output fails: refused", ("output", "door"));
        Assert.Equal(before + 2, _writer.Lines.Count);
    }

    [Fact]
    public void All_problems_of_a_configuration_are_written()
    {
        for (int i = 0; i < 30; i++) _log.Error("configuration refused, the old one goes on", ("reason", $"service.yaml:{i}: is wrong"));
        Assert.Equal(30, _writer.Lines.Count);
    }

    [Theory]
    [InlineData(typeof(IOException))] // No space left on device
    [InlineData(typeof(UnauthorizedAccessException))] // what .NET makes of a closed descriptor
    [InlineData(typeof(ObjectDisposedException))]
    public void A_log_that_cannot_be_written_ends_nothing_and_says_later_how_much_is_missing(Type trouble)
    {
        _writer.Trouble =
            trouble == typeof(ObjectDisposedException) ? new ObjectDisposedException("stderr") : (Exception)Activator.CreateInstance(trouble)!;
        _log.Notice("service started");
        _log.Notice("frames flow");
        Assert.Equal(2, _log.Recent.Count);
        _writer.Trouble = null;
        _log.Notice("camera open");
        Assert.Equal(["<4>lines could not be written lines=2", "<5>camera open"], _writer.Lines);
    }

    [Theory]
    [InlineData("cat\u001b[31mred\u0007")]
    [InlineData("cat\u009b31m")]
    [InlineData("cat\u202egnp.exe")]
    [InlineData("cat\n<3>forged line")]
    [InlineData("cat\r\u007f")]
    [InlineData("cat\u2066\u200f\u2028")]
    public void What_does_not_show_itself_is_escaped(string label)
    {
        _log.Info("rule on", ("label", label));
        string line = Assert.Single(_writer.Lines);
        Assert.StartsWith("<6>rule on label=\"", line.Replace("label=cat", "label=\"cat", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(@"cat\", line, StringComparison.Ordinal);
        Assert.All(line + _log.Recent[0].Sentence, c => Assert.True(c is >= ' ' and <= '~', $"U+{(int)c:X4}"));
    }

    [Fact]
    public void Letters_of_any_language_stay()
    {
        const string words = "größer-猫-кот-قط-👩‍👧";
        _log.Info("rule on", ("label", words));
        Assert.Equal($"<6>rule on label={words}", Assert.Single(_writer.Lines));
    }

    [Fact]
    public void Each_line_is_a_sentence_for_people_too()
    {
        _log.Info("rule on", ("rule", "door"), ("label", "cat"), ("probability", 0.914f), ("reason", "seen"), ("frame", 12L));
        _log.Warning("no camera; trying again until there is one", ("reason", "/dev/video0: there is no such device."), ("next_try_s", 0.2));
        _log.Info("line changed", ("output", "lamp"), ("active", true), ("line_latency_ms", 12.5));
        _log.Notice("camera open", ("camera", "/dev/video0"), ("frames_per_second", 30));
        _log.Error("internal error in the live page; please report it", ("path", "/"), ("what", new InvalidOperationException("boom\nat here")));
        Assert.Equal(
            [
                "Rule on: seen (rule door, label cat, probability 91 %, frame 12).",
                "No camera; trying again until there is one: /dev/video0: there is no such device (next try 0.2 s).",
                "Line changed (output lamp, active yes, line latency 12.5 ms).",
                "Camera open (camera /dev/video0, frames 30/s).",
                "Internal error in the live page; please report it: System.InvalidOperationException: boom (path /).",
            ],
            _log.Recent.Select(l => l.Sentence));
    }

    [Fact]
    public void A_reader_that_reads_nothing_keeps_nobody_waiting()
    {
        using var hangs = new FaultyWriter();
        hangs.Hang.Reset();
        using (var pipe = new LogPipe(hangs))
        {
            var log = new Log(pipe, _time, isJournal: true);
            for (int i = 0; i < 3000; i++)
            {
                log.Info($"event {i}");
                log.Info("rule on", ("rule", $"rule {i}"));
            }

            hangs.Hang.Set();
        }

        Assert.InRange(hangs.Lines.Count, 1000, 1003);
        Assert.Equal("<6>event 0", hangs.Lines[0]);
        Assert.Contains(hangs.Lines, l => l.Contains("lines of this log could not be written", StringComparison.Ordinal));
    }

    /// <summary>Fails or hangs as told.</summary>
    private sealed class FaultyWriter : TextWriter
    {
        public Exception? Trouble { get; set; }

        public ManualResetEventSlim Hang { get; } = new(initialState: true);

        public List<string> Lines { get; } = [];

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            Hang.Wait();
            if (Trouble is not null) throw Trouble;
            Lines.Add(value!);
        }

        protected override void Dispose(bool disposing)
        {
            Hang.Dispose();
            base.Dispose(disposing);
        }
    }
}
