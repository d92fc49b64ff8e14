using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Cli.Bench;
using ResNetEdge.Cli.Reports;
using ResNetEdge.Engines;
using ResNetEdge.Metrics;
using ResNetEdge.Tests.Unit.Runtime.Plans;

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
    public void What_goes_between_turns_takes_of_the_budget_and_is_no_sample()
    {
        var latencies = RoundRobin.Run([() => TimeSpan.FromMilliseconds(1)], TimeSpan.FromMilliseconds(30), () => TimeSpan.FromMilliseconds(4));
        Assert.Equal(6, latencies[0].Count);
        Assert.Equal(TimeSpan.FromMilliseconds(1), latencies[0].Percentile(99));
    }

    [Theory]
    [InlineData(1, 4, false)]
    [InlineData(2, 1, false)]
    [InlineData(2, 2, true)]
    public void Only_threads_of_another_engine_are_waited_for(int engines, int threads, bool waits) =>
        Assert.Equal(waits, RoundRobin.LetThreadsSleep(engines, threads) is not null);

    [Fact]
    public void Without_time_one_round_is_still_made() => Assert.Equal(1, RoundRobin.Run([() => TimeSpan.FromSeconds(1)], TimeSpan.Zero)[0].Count);

    [Fact]
    public void An_inference_too_short_for_the_clock_ends() =>
        Assert.True(RoundRobin.Run([() => TimeSpan.FromTicks(1)], TimeSpan.FromTicks(100))[0].Count >= 100);

    [Fact]
    public void The_page_holds_each_engine_and_escapes_names()
    {
        var latencies = new LatencyPercentiles(2);
        latencies.Add(TimeSpan.FromMilliseconds(1));
        latencies.Add(TimeSpan.FromMilliseconds(2));
        string page = BenchPage.Html(Report("<b>&.onnx"), [latencies], [Layer]);
        Assert.Contains("<title>&lt;b&gt;&amp;.onnx</title>", page, StringComparison.Ordinal);
        Assert.Contains(">fused</text>", page, StringComparison.Ordinal);
        Assert.Contains("<rect ", page, StringComparison.Ordinal);
        Assert.Contains("<td>Conv+Add &lt;c&gt;</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_cannot_be_written_is_exit_5()
    {
        var latencies = new LatencyPercentiles(1);
        latencies.Add(TimeSpan.FromMilliseconds(1));
        var e = Assert.Throws<EdgeException>(() => BenchPage.Write("/dev/null/page.html", Report("m"), [latencies], []));
        Assert.Equal(FailureKind.Unavailable, e.Kind);
    }

    [Fact]
    public void Field_names_are_the_contract_s()
    {
        var writer = new StringWriter();
        Json.WriteLine(writer, Report("m"), Json.Default.BenchReport);
        string json = writer.ToString();
        foreach (string field in new[] { "model", "machine", "engines", "engine", "threads", "runs", "p50_ms", "p90_ms", "p99_ms", "min_ms",
            "load_ms", "peak_rss_mib", "allocated_bytes_per_run" })
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

    [Fact]
    public void The_table_of_layers_lines_up_and_says_what_its_columns_mean()
    {
        var writer = new StringWriter { NewLine = "\n" };
        LayerTable.Print(writer, [Layer, Layer with { Operation = "MaxPool", GmacPerS = null, PeakShare = null }]);
        string[] lines = writer.ToString().Split('\n');
        Assert.Equal([lines[1].Length, lines[1].Length], [lines[2].Length, lines[3].Length]);
        Assert.Contains("2 layers, 4.000 ms", lines[5], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_layer_is_timed_and_counted()
    {
        using var engine = new FusedEngine(RandomNetworks.Make(3), new EngineOptions());
        var layers = LayerTimes.Measure(engine, 1, TimeSpan.Zero);
        Assert.Equal(engine.Plan.Steps.Select(s => s.Node), layers.Select(l => l.Node));
        Assert.Equal(engine.Plan.Steps.Sum(s => s.Macs), layers.Sum(l => l.Macs));
        Assert.InRange(layers.Sum(l => l.TimeShare), 0.99, 1.01);
        Assert.All(layers, l => Assert.True(l.ActivationBytes > 0 && (l.Macs == 0) == (l.PeakShare is null), l.Node));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peak_is_measured_for_every_tier(bool isInt8) =>
        Assert.All(KernelTiers.AvailableNames, tier => Assert.True(PeakRate.Measure(KernelTiers.Find(tier), isInt8, TimeSpan.Zero) > 1e6));

    private static LayerReport Layer { get; } = new()
    {
        Layer = 0,
        Operation = "Conv+Add",
        Node = "<c>",
        Kernel = "ConvInt8Reference",
        P50Ms = 2,
        MinMs = 1,
        TimeShare = 0.5,
        Macs = 1_000_000,
        GmacPerS = 0.5,
        PeakShare = 0.25,
        ActivationBytes = 4096,
        WeightBytes = 1 << 20,
    };

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
