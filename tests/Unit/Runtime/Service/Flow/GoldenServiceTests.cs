using System.Text.Json;
using System.Text.RegularExpressions;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>From a frame to the line in the file, to the byte but for the times that a clock on the wall measures.</summary>
public class GoldenServiceTests
{
    [Fact]
    public void A_frame_becomes_a_line_and_a_rule_another()
    {
        using var running = new RunningService();
        BrightOrDark.Write(running.Folder["model"], version: 5, gain: 2); // logits ±1
        running.Configure(RunningService.Rules + $"\noutputs:\n - {{name: lines, type: json_lines, what: both, path: {running.Folder["lines"]}}}");
        running.Run(FakeStep.Bright, FakeStep.Bright);
        Assert.Equal(
            """[{"index":0,"label":"bright","probability":0.880797},{"index":1,"label":"dark","probability":0.119203}]""",
            JsonDocument.Parse(StatusReport.Of(running.Snapshot, "").ToJson()).RootElement.GetProperty("top").GetRawText());
        running.Kill();
        const string Rest = // 1 / (1 + e^-2)
            ""","sequence":S,"time":"D","camera_time_s":T,"input":"fake","level":0,"top":[{"index":0,"label":"bright","probability":0.8807971}"""
            + """,{"index":1,"label":"dark","probability":0.11920292}],"preprocess_ms":T,"infer_ms":T,"end_to_end_ms":0}""";
        Assert.Equal(
            [
                """{"event":"result","frame":1""" + Rest,
                """{"event":"result","frame":2""" + Rest,
                """{"event":"rule","rule":"lit","on":true,"label":"bright","probability":0.8807971,"reason":"seen","frame":2"""
                + ""","camera_time_s":T,"time":"D","why":{"threshold":0.8,"counted":2,"frames":2,"of":3}}""",
            ],
            File.ReadAllLines(running.Folder["lines"]).Take(3).Select(Masked));
    }

    private static string Masked(string line)
    {
        line = Regex.Replace(line, "\"(preprocess_ms|infer_ms|camera_time_s)\":[0-9.E-]+", "\"$1\":T");
        return Regex.Replace(Regex.Replace(line, "\"time\":\"[^\"]*\"", "\"time\":\"D\""), "\"sequence\":[0-9]+", "\"sequence\":S");
    }
}
