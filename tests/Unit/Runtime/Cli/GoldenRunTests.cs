using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ResNetEdge.CommandLine;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Tests.Unit.Runtime.Cli;

/// <summary>What <c>run</c> prints for a network that gives its input back, to the byte but for the times: scripts of users read it.</summary>
public sealed class GoldenRunTests : IDisposable
{
    private const string Times = ""","infer_ms":T,"preprocess_ms":T,"decode_ms":T}""" + "\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("resnetedge-").FullName;

    public GoldenRunTests() => Write("package", ["red", "gr\"ün", "blue"]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Json_has_a_line_an_item()
    {
        Logits("x.npy", 0, MathF.Log(3), float.NegativeInfinity, 0, 0, 0);
        Assert.Equal(
            """{"input":"F/x.npy","item":0,"engine":"fused","top":[{"index":1,"label":"gr\u0022\u00FCn","probability":0.75}"""
            + """,{"index":0,"label":"red","probability":0.25}]""" + Times
            + """{"input":"F/x.npy","item":1,"engine":"fused","top":[{"index":0,"label":"red","probability":0.33333334}"""
            + """,{"index":1,"label":"gr\u0022\u00FCn","probability":0.33333334}]""" + Times,
            Run("package", "x.npy", "--top", "2", "--json"));
    }

    [Fact]
    public void Json_of_a_bare_model_has_no_labels_and_names_what_is_not_a_number()
    {
        Logits("x.npy", float.NaN, 1, 2);
        Assert.Equal(
            """{"input":"F/x.npy","engine":"fused","top":[{"index":2,"probability":"NaN"},{"index":1,"probability":"NaN"}"""
            + """,{"index":0,"probability":"NaN"}]""" + Times,
            Run("package/model.onnx", "x.npy", "--json"));
    }

    [Fact]
    public void Json_of_a_camera_says_more()
    {
        byte[] red = [255, 0, 0];
        Directory.CreateDirectory(Path.Combine(_folder, "frames"));
        File.WriteAllBytes(Path.Combine(_folder, "frames/a.ppm"), [.. Encoding.ASCII.GetBytes("P6\n2 2\n255\n"), .. red, .. red, .. red, .. red]);
        Assert.Equal(
            """{"input":"F/frames/a.ppm","engine":"fused","top":[{"index":0,"label":"red","probability":0.57611686}]""" // e / (e + 2)
            + ""","infer_ms":T,"preprocess_ms":T,"decode_ms":T,"sequence":0,"dropped":0,"damaged":0,"latency_ms":T}""" + "\n",
            Run("package", "--camera", "frames", "--top", "1", "--json"));
    }

    [Fact]
    public void Words_are_a_line_an_item()
    {
        Logits("x.npy", 0, MathF.Log(3), float.NegativeInfinity);
        Assert.Equal("F/x.npy: gr\"ün 75.0 %, red 25.0 %, blue 0.0 %  (T ms)\n", Run("package", "x.npy"));
        Assert.Equal("F/x.npy: class 1 75.0 %, class 0 25.0 %  (T ms)\n", Run("package/model.onnx", "x.npy", "--top", "2"));
    }

    [Fact]
    public void A_network_that_does_not_classify_has_no_classes()
    {
        Write("plane", null, classifies: false);
        Logits("x.npy", 1, 2, 3);
        Assert.Equal("""{"input":"F/x.npy","engine":"fused","top":[]""" + Times, Run("plane", "x.npy", "--json"));
        Assert.Equal("F/x.npy: outputs 'y' Float32[1x3x2x2]  (T ms)\n", Run("plane", "x.npy"));
    }

    [Fact]
    public void A_task_may_be_named_must_be_known_and_must_fit()
    {
        Logits("x.npy", 0, MathF.Log(3), float.NegativeInfinity);
        Name("package", "classification");
        Assert.Equal("F/x.npy: gr\"ün 75.0 %, red 25.0 %, blue 0.0 %  (T ms)\n", Run("package", "x.npy"));
        Name("package", "pose");
        Assert.Equal(
            (ExitCode.BadInput, "resnetedge: F/package: manifest.json cannot be used: the task 'pose' is not known; known tasks: classification\n"),
            Start("package", "x.npy").Refusal);
        Write("plane", null, classifies: false);
        Name("plane", "classification");
        Assert.Equal(
            (ExitCode.BadInput, "resnetedge: F/plane: its task is classification, but its first output is Float32[1x3x2x2], not one score a class\n"),
            Start("plane", "x.npy").Refusal);
    }

    private string Run(string model, params string[] words)
    {
        var (output, (code, error)) = Start(model, words);
        Assert.True(code == ExitCode.Done, error);
        return Regex.Replace(Regex.Replace(output, "_ms\":[0-9.E-]+", "_ms\":T"), "\\([0-9.]+ ms\\)", "(T ms)");
    }

    private (string Output, (ExitCode Code, string Error) Refusal) Start(string model, params string[] words)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        string[] paths = [.. words.Select(w => Path.Exists(Path.Combine(_folder, w)) ? Path.Combine(_folder, w) : w)];
        string[] line = ["run", Path.Combine(_folder, model), .. paths, "--engine", "fused"];
        var code = ResNetEdge.Cli.Program.Shell.Run(line, new Terminal(output, error));
        string Shown(StringWriter text) => text.ToString().Replace(_folder, "F", StringComparison.Ordinal);
        return (Shown(output), (code, Shown(error)));
    }

    private void Name(string package, string task)
    {
        string path = Path.Combine(_folder, package, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        manifest["task"] = task;
        File.WriteAllText(path, manifest.ToJsonString());
    }

    /// <summary>Arrays of 3×2×2 with one value a plane, whose mean is the network's output.</summary>
    private void Logits(string name, params float[] values)
    {
        using var file = File.Create(Path.Combine(_folder, name));
        Npy.Write(file, Tensor.From<float>(new Shape(values.Length / 3, 3, 2, 2), [.. values.SelectMany(v => Enumerable.Repeat(v, 4))]));
    }

    private void Write(string name, string[]? labels, bool classifies = true)
    {
        int[] input = [1, 3, 2, 2];
        var graph = new Graph { Name = name };
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(input)));
        if (classifies)
        {
            graph.Add(new Node("GlobalAveragePool", "pool", ["x"], ["pooled"]));
            graph.Add(new Node("Flatten", "flatten", ["pooled"], ["y"]));
        }
        else graph.Add(new Node("Relu", "relu", ["x"], ["y"]));

        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, classifies ? new Shape(1, 3) : new Shape(input)));
        var manifest = new Manifest
        {
            Name = name,
            ExporterVersion = "0.1.0",
            Precision = "fp32",
            Inputs = [new ManifestInput("x", "float32", input, "NCHW")],
            Preprocess = ManifestPreprocess.From(new PreprocessSpec { Height = 2, Width = 2, Mean = [0, 0, 0], Std = [1, 1, 1] }),
        };
        PackageWriter.Write(Path.Combine(_folder, name), new PackageContent(manifest, graph, labels, []));
    }
}
