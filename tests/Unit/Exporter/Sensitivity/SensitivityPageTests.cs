using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ResNetEdge.CommandLine;
using ResNetEdge.Exporter;
using ResNetEdge.Exporter.Hiding;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Reports;
using ResNetEdge.Exporter.Sensitivity;
using ResNetEdge.Metrics;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Unit.Exporter.Checks;

namespace ResNetEdge.Tests.Unit.Exporter.Sensitivity;

public class SensitivityPageTests
{
    private static readonly Manifest Plain = new()
    {
        Name = "<script>alert('name')</script>",
        ExporterVersion = "1 & 2",
        Precision = "int8",
        Inputs = [],
        Accuracy = new(200, 187, 0.935, 188, 0.94, 0.995),
    };

    private static readonly FrontierReport[] Frontier =
    [
        FrontierReport.Of(0, [], Counted(94), 50_000_000, 50_000_000, 200_000, 0, TimeSpan.FromMilliseconds(0.2), 1),
        FrontierReport.Of(1, ["\"quoted\""], Counted(93), 40_000_000, 50_000_000, 180_000, 0.1, TimeSpan.FromMilliseconds(0.17), 1),
        FrontierReport.Of(2, ["\"quoted\"", "layer1.0"], Counted(80), 30_000_000, 50_000_000, 160_000, 0.4, TimeSpan.FromMilliseconds(0.14), 1),
    ];

    [Fact]
    public void The_page_is_well_formed_and_refers_to_nothing_outside()
    {
        string html = SensitivityPage.Html(Plain, SensitivityAnalysisTests.Measure(null), Frontier);
        Assert.DoesNotMatch(new Regex(@"https?:|url\(|<script|<link|<img|@import|\bsrc="), html);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", html, StringComparison.Ordinal);
        Assert.Contains("width=device-width", html, StringComparison.Ordinal);
        var page = WellFormed(html);
        Assert.Equal("<script>alert('name')</script>, int8: sensitivity", page.Descendants("h1").Single().Value);
        Assert.Equal(9 + 3 * 2, page.Descendants("div").Count(d => (string?)d.Attribute("class") == "bar")); // layers, and three groups of blocks
        Assert.Equal(3 + 2 + 1, page.Descendants("circle").Count()); // levels, blocks, the whole network
        Assert.Contains(page.Descendants("circle"), c => c.Value.Contains("\"quoted\"", StringComparison.Ordinal));
        Assert.All(page.Descendants("circle"), c => Assert.InRange((double)c.Attribute("cx")!, 0, 640));
        Assert.All(page.Descendants("circle"), c => Assert.InRange((double)c.Attribute("cy")!, 0, 320));
        Assert.Equal(3, WellFormed(SensitivityPage.Html(Plain, null, Frontier)).Descendants("circle").Count());
    }

    [Fact]
    public void Names_of_a_hostile_network_stay_text()
    {
        var sensitivity = SensitivityAnalysisTests.Measure(null);
        const string bad = "\"><img src=x onerror=alert(1)>";
        sensitivity = sensitivity with
        {
            Layers = [.. sensitivity.Layers.Select(l => l with { Layer = bad })],
            Blocks = [.. sensitivity.Blocks.Select(b => b with { Block = bad })],
        };
        string html = SensitivityPage.Html(Plain, sensitivity, null);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains(WellFormed(html).Descendants("span"), s => s.Value == bad);
    }

    [Fact]
    public void A_package_carries_its_sensitivity_report_and_inspect_shows_it_as_a_table_as_JSON_and_as_a_page()
    {
        using var folder = new TempFolder();
        Pipeline.Run(CalibrationGuardTests.Options(folder["p.zip"]) with { Report = folder["export.html"] }, _ => { });
        using (var package = Package.Open(folder["p.zip"]))
        {
            package.VerifyFiles();
            var sensitivity = SensitivityFile.Read(package)!;
            Assert.Equal(6, sensitivity.Blocks.Count);
            Assert.Equal("conv1", sensitivity.Layers[0].Layer);
            Assert.Equal(
                Encoding.UTF8.GetString(SensitivityFile.Write(sensitivity).Span),
                Encoding.UTF8.GetString(package.ReadReport(SensitivityReport.File, 1 << 20)!));
        }

        var (code, words, _) = Run("inspect", folder["p.zip"], "--report", folder["inspect.html"]);
        Assert.Equal(ExitCode.Done, code);
        Assert.Matches(@"layer1\.0 +identity +3\.6", words);
        Assert.Equal(File.ReadAllText(folder["export.html"]), File.ReadAllText(folder["inspect.html"]));
        var json = System.Text.Json.JsonDocument.Parse(Run("inspect", folder["p.zip"], "--json").Output).RootElement;
        Assert.Equal(6, json.GetProperty("sensitivity").GetProperty("blocks").GetArrayLength());
    }

    [Fact]
    public void A_package_without_a_sensitivity_report_or_no_package_has_no_page()
    {
        using var folder = new TempFolder();
        Pipeline.Run(CalibrationGuardTests.Options(folder["p"]) with { Sensitivity = SensitivityScope.None }, _ => { });
        Assert.Equal(ExitCode.BadInput, Run("inspect", folder["p"], "--report", folder["x.html"]).Code);
        Assert.Equal(ExitCode.Usage,
            Run("inspect", Path.Combine(House.Root, "exporter/Demo/fashion-resnet14.safetensors"), "--report", folder["x.html"]).Code);
        foreach (string name in (string[])["--sensitivity", "--ledger"]) // the second is its former name
            Assert.Equal(ExitCode.Usage, Run("export", "x.pth", "-o", "p", name, "some").Code);
        Assert.Equal(ExitCode.Usage, Run("export", "x.pth", "-o", "p", "--report", "x.html").Code);
        Assert.False(File.Exists(folder["x.html"]));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[")]
    [InlineData("{\"schema_version\":2,\"images\":1,\"hiding_images\":1,\"has_labels\":false,\"macs\":1,\"layers\":[],\"blocks\":[]}")]
    [InlineData("{\"schema_version\":1,\"images\":-1,\"hiding_images\":1,\"has_labels\":false,\"macs\":1,\"layers\":[],\"blocks\":[]}")]
    [InlineData("{\"schema_version\":1,\"images\":1,\"hiding_images\":1,\"has_labels\":false,\"macs\":1,\"layers\":[null],\"blocks\":[]}")]
    public void A_damaged_sensitivity_report_is_refused(string json)
    {
        Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(() => SensitivityFile.Parse(Encoding.UTF8.GetBytes(json), "p")).Kind);
    }

    private static Accuracy Counted(int right)
    {
        var accuracy = new Accuracy();
        for (int i = 0; i < 100; i++) accuracy.Add(i < right ? 0 : 1, i < 94 ? 0 : 1, 0);
        return accuracy;
    }

    // HTML as XML: the few elements without an end tag are closed first.
    private static XElement WellFormed(string html) =>
        XElement.Parse(Regex.Replace(html.Replace("<!doctype html>", "", StringComparison.Ordinal), "<meta([^>]*)>", "<meta$1/>"));

    private static (ExitCode Code, string Output, string Error) Run(params string[] words)
    {
        using StringWriter output = new(), error = new();
        return (ResNetEdge.Exporter.Program.Shell.Run(words, new Terminal(output, error)), output.ToString(), error.ToString());
    }
}
