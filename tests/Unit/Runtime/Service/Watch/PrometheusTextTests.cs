using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Watch;

/// <summary>The metrics' text: by the letter of the format, and as Prometheus' own client for Python reads it.</summary>
public partial class PrometheusTextTests
{
    private const string Hostile = "back\\slash \"quote\" \n line { } , = süß";

    [Fact]
    public void Every_line_is_of_the_format_and_every_family_says_first_what_it_is()
    {
        string text = PrometheusText.Write(Odd(), "0.1.0");
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        var samples = new HashSet<string>(StringComparer.Ordinal);
        string helped = "";
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (Help().Match(line) is { Success: true } help)
            {
                helped = help.Groups[1].Value;
            }
            else if (Type().Match(line) is { Success: true } type)
            {
                Assert.Equal(helped, type.Groups[1].Value);
                Assert.True(types.TryAdd(type.Groups[1].Value, type.Groups[2].Value), line);
            }
            else
            {
                var sample = Sample().Match(line);
                Assert.True(sample.Success, line);
                Assert.True(samples.Add(sample.Groups["series"].Value), $"twice: {line}");
                string name = sample.Groups["name"].Value, family = Suffix().Replace(name, "");
                Assert.Equal(helped, types.ContainsKey(name) ? name : family);
                Assert.Equal(types[helped] == "counter", name.EndsWith("_total", StringComparison.Ordinal));
                Assert.True(double.IsFinite(double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture)), line);
            }
        }

        Assert.Contains("histogram", types.Values);
    }

    [Fact]
    public void Buckets_are_cumulative_in_seconds_and_end_in_the_count()
    {
        string text = PrometheusText.Write(FakeWatched.Running() with { EndToEnd = FakeWatched.Histogram(0.1, 0.11, 7.5, 8, 6000) }, "0.1.0");
        Assert.Contains("resnetedge_end_to_end_seconds_bucket{le=\"0.0001\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("resnetedge_end_to_end_seconds_bucket{le=\"0.0075\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("resnetedge_end_to_end_seconds_bucket{le=\"0.01\"} 4\n", text, StringComparison.Ordinal);
        Assert.Contains("resnetedge_end_to_end_seconds_bucket{le=\"5\"} 4\n", text, StringComparison.Ordinal);
        Assert.Contains("resnetedge_end_to_end_seconds_bucket{le=\"+Inf\"} 5\n", text, StringComparison.Ordinal);
        Assert.Contains("resnetedge_end_to_end_seconds_count 5\n", text, StringComparison.Ordinal);
        Assert.Contains("resnetedge_end_to_end_seconds_sum 6.01571\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_machine_does_not_say_is_left_out()
    {
        string text =
            PrometheusText.Write(FakeWatched.Running() with { TemperatureCelsius = null, CpuMHz = null, Outputs = [], Rules = [] }, "0.1.0");
        Assert.DoesNotContain("temperature", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hertz", text, StringComparison.Ordinal);
        Assert.DoesNotContain("resnetedge_output", text, StringComparison.Ordinal);
        Assert.DoesNotContain("resnetedge_rule", text, StringComparison.Ordinal);
    }

    /// <summary>Its parser against ours: the same families, types, labels and values.</summary>
    [SkippableFact]
    public void Prometheus_own_client_reads_it()
    {
        using var folder = new TempFolder();
        Skip.IfNot(PythonClient.IsThere, "python3-prometheus-client is not installed");
        File.WriteAllText(folder["metrics.txt"], PrometheusText.Write(Odd(), "0.1.0"));
        PythonClient.Run(folder.Path, """
            import json
            from prometheus_client.parser import text_string_to_metric_families
            families = list(text_string_to_metric_families(open('metrics.txt', encoding='utf-8').read()))
            json.dump({'types': {f.name: f.type for f in families},
                       'samples': [[s.name, s.labels, s.value] for f in families for s in f.samples]}, open('read.json', 'w'))
            """);
        var read = JsonDocument.Parse(File.ReadAllBytes(folder["read.json"])).RootElement;
        var types = read.GetProperty("types");
        Assert.Equal("histogram", types.GetProperty("resnetedge_end_to_end_seconds").GetString());
        Assert.Equal("counter", types.GetProperty("resnetedge_frames").GetString());
        Assert.Equal("gauge", types.GetProperty("resnetedge_healthy").GetString());
        var samples = read.GetProperty("samples").EnumerateArray().ToList();
        Assert.Equal(Hostile, Of("resnetedge_rule_on")[1].GetProperty("rule").GetString());
        Assert.Equal(123456, Of("resnetedge_frames_total")[2].GetDouble());
        Assert.Equal(1.8e9, Of("resnetedge_cpu_hertz")[2].GetDouble());

        JsonElement Of(string name) => samples.First(s => s[0].GetString() == name);
    }

    private static ServiceSnapshot Odd() => FakeWatched.Running() with
    {
        Model = new(Hostile, "p", null, "int8", Hostile, 0, 0, IsSigned: false),
        Rules = [new(Hostile, IsOn: true, 6), new("other", IsOn: false, 0)],
    };

    [GeneratedRegex(@"^# HELP ([a-z_]+) ([^\\\n]|\\\\|\\n)*$")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE ([a-z_]+) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex(
        """^(?<series>(?<name>[a-z_]+)(\{[a-z_]+="([^"\\\n]|\\\\|\\"|\\n)*"(,[a-z_]+="([^"\\\n]|\\\\|\\"|\\n)*")*\})?) (?<value>[-+0-9.E]+)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
