using ResNetEdge.Cli.Bench;
using ResNetEdge.Cli.Reports;
using ResNetEdge.Metrics;

namespace ResNetEdge.Tests.Unit.Runtime.Cli;

public class BenchTests
{
    [Fact]
    public void Engines_take_turns_and_warm_up_is_not_counted()
    {
        string turns = "";
        Func<TimeSpan> Engine(char name, int milliseconds) => () =>
        {
            turns += name;
            return TimeSpan.FromMilliseconds(milliseconds);
        };

        var latencies = RoundRobin.Run([Engine('a', 1), Engine('b', 2)], TimeSpan.FromMilliseconds(30));
        // 3 rounds of 3 ms and 10 % of the budget are warm-up; 10 rounds fill 30 ms.
        Assert.Equal([10, 10], latencies.Select(l => l.Count));
        Assert.Equal(string.Concat(Enumerable.Repeat("ab", 13)), turns);
        Assert.Equal(TimeSpan.FromMilliseconds(1), latencies[0].Percentile(99));
    }

    [Fact]
    public void Without_time_one_round_is_still_made() => Assert.Equal(1, RoundRobin.Run([() => TimeSpan.FromSeconds(1)], TimeSpan.Zero)[0].Count);

    [Fact]
    public void An_inference_too_short_for_the_clock_ends() => Assert.True(RoundRobin.Run([() => TimeSpan.FromTicks(1)], TimeSpan.FromTicks(100))[0].Count >= 100);

    [Fact]
    public void The_page_holds_each_engine_and_escapes_names()
    {
        var latencies = new LatencyPercentiles(2);
        latencies.Add(TimeSpan.FromMilliseconds(1));
        latencies.Add(TimeSpan.FromMilliseconds(2));
        string page = BenchPage.Html(Report("<b>&.onnx"), [latencies]);
        Assert.Contains("<title>&lt;b&gt;&amp;.onnx</title>", page, StringComparison.Ordinal);
        Assert.Contains(">fused</text>", page, StringComparison.Ordinal);
        Assert.Contains("<rect ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_cannot_be_written_is_exit_5()
    {
        var latencies = new LatencyPercentiles(1);
        latencies.Add(TimeSpan.FromMilliseconds(1));
        var e = Assert.Throws<EdgeException>(() => BenchPage.Write("/dev/null/page.html", Report("m"), [latencies]));
        Assert.Equal(ExitCode.Unavailable, e.Code);
    }

    [Fact]
    public void Field_names_are_the_contract_s()
    {
        var writer = new StringWriter();
        Json.WriteLine(writer, Report("m"), Json.Default.BenchReport);
        string json = writer.ToString();
        foreach (string field in new[] { "model", "machine", "engines", "engine", "threads", "runs", "p50_ms", "p90_ms", "p99_ms", "min_ms", "load_ms", "peak_rss_mib", "allocated_bytes_per_run" })
            Assert.Contains($"\"{field}\":", json, StringComparison.Ordinal);
        Assert.Single(json.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void The_table_lines_up()
    {
        var writer = new StringWriter { NewLine = "\n" };
        BenchTable.Print(writer, Report("m"));
        string[] lines = writer.ToString().Split('\n');
        Assert.Equal(lines[2].Length, lines[3].Length);
    }

    private static BenchReport Report(string model) => new(model, MachineReport.Read(), 1, "zeros",
    [
        new EngineBench
        {
            Engine = "fused",
            Threads = 1,
            Runs = 2,
            P50Ms = 1,
            P90Ms = 2,
            P99Ms = 2,
            MinMs = 1,
            LoadMs = 3,
            FirstInferMs = 4,
            PeakRssMib = 5,
            AllocatedBytesPerRun = 0,
        },
    ], null);
}
