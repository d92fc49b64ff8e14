using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Tests.Unit.Runtime.Packages;

/// <summary>Levels of a package: what is spliced in is what runs; what does not fit is refused by name.</summary>
public class LadderTests
{
    private static readonly Shape Shape = new(1, 3, 4, 5);

    [Fact]
    public void Each_level_runs_as_its_golden_vectors_say_and_the_whole_network_stays()
    {
        using var sample = new SamplePackage();
        using var package = Package.Open(sample.WriteLadder("p"));
        package.VerifyFiles();
        Assert.Equal(2, package.Levels);
        for (int level = 0; level <= 2; level++)
        {
            using var engine = EngineTable.Load("fused", package.ModelAt(level), new EngineOptions()).Engine;
            Assert.Equal(default, GoldenCheck.Distance(engine, Assert.Single(package.ReadGolden(level)), "p"));
        }
    }

    [Fact]
    public void What_a_level_replaces_is_gone_from_its_graph()
    {
        using var sample = new SamplePackage();
        using var package = Package.Open(sample.WriteLadder("p"));
        var graph = package.ModelAt(1).Graph;
        Assert.Equal(["first", "relu"], graph.Nodes.Select(n => n.Name));
        Assert.Empty(graph.Initializers);
        Assert.Equal(["first", "copy", "second"], package.ModelAt(2).Graph.Nodes.Select(n => n.Name));
        Assert.Equal(["add", "relu"], package.ModelAt(0).Graph.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void A_session_opens_at_a_level()
    {
        using var sample = new SamplePackage();
        string path = sample.WriteLadder("p");
        float[] input = [.. Enumerable.Range(0, Shape.ElementCount).Select(i => i - 30f)], output = new float[input.Length];
        using var session = Session.Open(path, new SessionOptions { Level = 2 });
        session.Run(input, output);
        Assert.Equal(input.Select(v => Math.Max(0, v) + v), output);
    }

    [Fact]
    public void A_level_that_is_not_there_is_a_usage_error()
    {
        using var sample = new SamplePackage();
        using var package = Package.Open(sample.WriteLadder("p"));
        using var plain = Package.Open(sample.Write("q"));
        Assert.Equal(FailureKind.Usage, Assert.Throws<EdgeException>(() => package.ModelAt(3)).Kind);
        Assert.Contains("levels 0 to 2", Assert.Throws<EdgeException>(() => package.ModelAt(3)).Message, StringComparison.Ordinal);
        Assert.Contains("has no ladder", Assert.Throws<EdgeException>(() => plain.ModelAt(1)).Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, Cli("run", package.Path, "none.npy", "--level", "3").Code);
        Assert.Equal(ExitCode.Usage, Cli("run", package.Path, "none.npy", "--level", "1", "--latency-budget-ms", "5").Code);
    }

    [Fact]
    public void Verify_checks_every_level_and_finds_the_one_that_differs()
    {
        using var sample = new SamplePackage();
        string path = sample.WriteLadder("p");
        var (code, output, _) = Cli("verify", path, "--engine", "fused", "--json");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("\"vectors\":3,\"passed\":3", output, StringComparison.Ordinal);

        var content = SamplePackage.Ladder();
        var wrong = content with { LevelOutputs = [content.LevelOutputs[0], content.LevelOutputs[0]] };
        PackageWriter.Write(path, wrong);
        (code, _, string error) = Cli("verify", path, "--engine", "fused");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("at level 2", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, Cli("verify", path, "--engine", "fused", "--level", "1").Code);
    }

    [Fact]
    public void A_latency_budget_takes_the_first_level_that_fits_or_refuses()
    {
        using var sample = new SamplePackage();
        string path = sample.WriteLadder("p"), picture = Path.Combine(sample.Folder, "x.npy");
        using (var file = File.Create(picture)) Npy.Write(file, SamplePackage.Content().Golden[0].Inputs[0]);
        var (code, _, error) = Cli("run", path, picture, "--engine", "fused", "--latency-budget-ms", "3600000");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("level 0 of 2", error, StringComparison.Ordinal);
        (code, _, error) = Cli("run", path, picture, "--engine", "fused", "--latency-budget-ms", "0");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("no level of", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_shows_the_ladder()
    {
        using var sample = new SamplePackage();
        Assert.Contains("level 2: 0.0 million multiply-accumulates, 80.20 % of 500 pictures right (whole network 80.40 %), without block1, block2",
            Cli("inspect", sample.WriteLadder("p")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ladder_that_does_not_fit_is_refused_by_name()
    {
        (string Expected, Action<Graph, List<ManifestSplice>> Change)[] cases =
        [
            ("does not produce 'other'", (_, s) => s.Add(new("y", "other"))),
            ("replaces 'nothing', which the network does not have", (_, s) => s[0] = new("nothing", "sum@1")),
            ("replaces 'x', which no node of the network computes", (_, s) => s[0] = new("x", "sum@1")),
            ("replaces 'c', which no node of the network computes", (_, s) => s[0] = new("c", "sum@1")),
            ("uses 'sum@1' to replace two values", (_, s) => s.Add(new("y", "sum@1"))),
            ("reads 'ghost', which the network does not have", (g, _) => g.Inputs.Add(new("ghost", ElementType.Float32, Shape))),
            ("reads 'y' as Float32[1x3], which is Float32[1x3x4x5]", (g, _) => g.Inputs.Add(new("y", ElementType.Float32, new Shape(1, 3)))),
            ("replaces 'sum' as Float32[2]", (g, s) =>
            {
                g.Add("two", Tensor.Vector(1f, 2f));
                g.Add(new Node("Relu", "small", ["two"], ["small"]));
                g.Outputs.Add(new("small", ElementType.Float32, new Shape(2)));
                s[0] = new("sum", "small");
            }),
            ("defines 'c', a name that the network already uses", (g, s) =>
            {
                g.Add(new Node("Relu", "clash", ["x"], ["c"]));
                g.Add(new Node("Relu", "after", ["c"], ["sum@3"]));
                g.Outputs.Add(new("sum@3", ElementType.Float32, Shape));
                s[0] = new("sum", "sum@3");
            }),
            ("is not acyclic", (g, s) =>
            {
                g.Inputs.Add(new("y", ElementType.Float32, Shape));
                g.Add(new Node("Relu", "round", ["y"], ["sum@3"]));
                g.Outputs.Add(new("sum@3", ElementType.Float32, Shape));
                s[0] = new("sum", "sum@3");
            }),
            ("is of operator set 13", (g, _) => g.Opset = 13),
            ("passes its input 'x' on", (g, s) =>
            {
                g.Outputs.Add(new("x", ElementType.Float32, Shape));
                s[0] = new("sum", "x");
            }),
        ];
        foreach (var (expected, change) in cases)
        {
            var content = SamplePackage.Ladder();
            var splices = content.Manifest.Ladder!.Rungs[0].Splices.ToList();
            change(content.Ladder!, splices);
            var rung = content.Manifest.Ladder.Rungs[0] with { Splices = splices };
            var e = Assert.Throws<EdgeException>(() => LadderSplice.Apply(content.Model, content.Ladder!, rung, "somewhere/p"));
            Assert.Equal(FailureKind.BadInput, e.Kind);
            Assert.StartsWith("somewhere/p", e.Message, StringComparison.Ordinal);
            Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public void ONNX_Runtime_runs_a_level_too()
    {
        Fakes.OnnxRuntimeHere.OrSkip();
        using var sample = new SamplePackage();
        Assert.Equal(ExitCode.Done, Cli("verify", sample.WriteLadder("p"), "--engine", "onnxruntime").Code);
    }

    private static (ExitCode Code, string Output, string Error) Cli(params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = ResNetEdge.Cli.Program.Shell.Run(words, new Terminal(output, error));
        return (code, output.ToString(), error.ToString());
    }
}
