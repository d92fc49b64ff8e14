using ResNetEdge.Exporter.Progress;
using Spectre.Console;

namespace ResNetEdge.Tests.Unit.Exporter.Progress;

public class LineDisplayTests
{
    [Fact]
    public void A_terminal_sees_what_is_done_and_a_failure_inside_ends_the_display()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(text) });
        // Its own size: without one it has that of the console that the tests run in, which may have none, and then nothing is drawn.
        (console.Profile.Width, console.Profile.Height) = (80, 24);
        Assert.Throws<InvalidOperationException>((Action)FailHalfWay);
        string shown = text.ToString();
        Assert.Contains("calibrating [x], 200 pictures", shown, StringComparison.Ordinal);
        Assert.Contains("25%", shown, StringComparison.Ordinal); // drawn once more at the end

        void FailHalfWay()
        {
            using var job = new SpectreDisplay(console).Begin("calibrating [x]", 200, "pictures");
            for (int i = 0; i < 50; i++) job.Step();
            throw new InvalidOperationException();
        }
    }

    [Fact]
    public void A_file_gets_a_line_now_and_then()
    {
        var clock = new StoppedClock();
        using var text = new StringWriter();
        using (var job = new LineDisplay(text, clock).Begin("evaluating", 100, "pictures"))
        {
            for (int i = 0; i < 100; i++)
            {
                clock.Now += TimeSpan.FromSeconds(1);
                job.Step();
            }
        }

        string[] lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10, lines.Length);
        Assert.Equal("evaluating: 10 of 100 pictures (10 %), 1 min 30 s left", lines[0].TrimEnd());
        Assert.Equal("evaluating: 100 of 100 pictures (100 %)", lines[^1].TrimEnd());
    }

    [Fact]
    public void A_job_that_is_over_at_once_is_not_spoken_of()
    {
        using var text = new StringWriter();
        using (var job = new LineDisplay(text, new StoppedClock()).Begin("calibrating", 3, "pictures"))
        {
            for (int i = 0; i < 3; i++) job.Step();
        }

        Assert.Equal("", text.ToString());
    }

    private sealed class StoppedClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
