using ResNetEdge.Benchmarks.Suite;
using ResNetEdge.Engines;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Onnx;
using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Benchmarks;

public class SuiteTests
{
    private const int Inferences = 3000;

    /// <summary>Every log that is kept can be read, and every line says where, how, when and from what it was measured.</summary>
    [Fact]
    public void Every_line_of_every_kept_log_parses_and_says_machine_command_date_and_commit()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(House.Root, "benchmarks", "results"), "*.jsonl"))
        {
            string previous = "";
            foreach (string text in File.ReadLines(file))
            {
                string date = Path.GetFileNameWithoutExtension(file) switch
                {
                    "suite" => CheckMeasured(text),
                    "arm64-instructions" => CheckCount(text),
                    _ => CheckEstimate(text),
                };
                Assert.True(DateTime.TryParse(date, System.Globalization.CultureInfo.InvariantCulture, out _), date);
                Assert.True(string.CompareOrdinal(previous, date) <= 0, $"{file}: {date} stands behind {previous}; lines are only added at the end");
                previous = date;
            }
        }
    }

    private static string CheckMeasured(string text)
    {
        var line = SuiteLine.Parse(text);
        Assert.All([line.Machine.Cpu, line.Command, line.Commit, line.Model], Assert.NotEmpty);
        Assert.Equal(line.Engines[1].P50Ms / line.Engines[0].P50Ms, line.RatioP50, 0.01);
        return line.Date;
    }

    /// <summary>A model's estimate says so, and of which processor.</summary>
    private static string CheckEstimate(string text)
    {
        using var line = System.Text.Json.JsonDocument.Parse(text);
        Assert.Equal("estimate", line.RootElement.GetProperty("kind").GetString());
        Assert.All(["processor", "model", "command", "commit"], name => Assert.NotEmpty(line.RootElement.GetProperty(name).GetString()!));
        return line.RootElement.GetProperty("date").GetString()!;
    }

    /// <summary>Instructions of an inference, and in which functions.</summary>
    private static string CheckCount(string text)
    {
        using var line = System.Text.Json.JsonDocument.Parse(text);
        Assert.All(["processor", "network", "commit"], name => Assert.NotEmpty(line.RootElement.GetProperty(name).GetString()!));
        long instructions = line.RootElement.GetProperty("instructions").GetInt64();
        Assert.InRange(line.RootElement.GetProperty("functions").EnumerateObject().Sum(f => f.Value.GetInt64()), instructions / 2, instructions);
        return line.RootElement.GetProperty("date").GetString()!;
    }

    [SkippableFact]
    public void A_measured_line_survives_the_log_and_is_added_behind_what_stands_there()
    {
        OnnxRuntimeHere.OrSkip();
        using var folder = new TempFolder();
        string model = folder["m.onnx"], log = folder["log.jsonl"];
        File.WriteAllBytes(model, OnnxRoundTripTests.Write(RandomNetworks.Make(1)));
        File.WriteAllText(log, "first\n");
        var line = SuiteCommand.Measure(model, 1, TimeSpan.Zero, "suite test");
        SuiteCommand.Append(log, line.ToJson());
        string[] lines = File.ReadAllLines(log);
        Assert.Equal("first", lines[0]);
        var read = SuiteLine.Parse(lines[1]);
        Assert.Equal((line.Model, line.Commit, line.Machine.Cpu, 2), (read.Model, read.Commit, read.Machine.Cpu, read.Engines.Count));
        // Counted over the whole process, and so over whatever else a test host does meanwhile; the soak below wants 0 of its own thread.
        Assert.Equal(line.Engines.Select(e => e.AllocatedBytesPerRun), read.Engines.Select(e => e.AllocatedBytesPerRun));
    }

    [Theory]
    [InlineData]
    [InlineData("/nowhere")]
    public void A_suite_without_models_is_a_usage_error(params string[] words) =>
        Assert.Equal(FailureKind.Usage, Assert.Throws<EdgeException>(() => SuiteCommand.Run(words)).Kind);

    [Fact]
    public void The_least_squares_line_is_found()
    {
        var line = LineFit.Fit([1, 2, 3, 4], [3.1, 4.9, 7.1, 8.9]);
        Assert.Equal(1.96, line.Slope, 6);
        Assert.Equal(1.1, line.Intercept, 6);
        Assert.InRange(line.R2, 0.99, 0.9999);
        Assert.Throws<ArgumentException>(() => LineFit.Fit([1, 1], [2, 3]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Thousands_of_inferences_change_no_bit_and_allocate_nothing(int threads)
    {
        using var engine = new FusedEngine(QuantizedPlannerTests.Quantize(4), new EngineOptions { Threads = threads });
        var result = Soak.Run(engine, Inferences);
        // What is made once, as when a helper is free for the first time, falls into the counted
        // runs on a busy machine; what every inference makes comes again.
        for (int again = 0; again < 3 && result is { Changed: 0, AllocatedBytes: > 0 and < Inferences }; again++)
            result = Soak.Run(engine, Inferences);
        Assert.Equal((0, 0), (result.Changed, result.AllocatedBytes));
    }
}
