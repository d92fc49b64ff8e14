using System.Text.Json;
using ResNetEdge.CommandLine;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Unit.Runtime.Cli;

/// <summary>
/// Forms in which exporters write models, as the program takes them: what runs can be inspected, and what is read otherwise than declared is
/// said.
/// </summary>
public sealed class FileFormsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("axes"), InlineData("shape"), InlineData("half"), InlineData("stale"), InlineData("pixels")]
    public void What_runs_can_be_inspected(string form)
    {
        var graph = Form(form);
        string model = _folder.Write("m.onnx", OnnxRoundTripTests.Write(graph)), input = _folder["x.npy"];
        var shape = graph.Inputs[0].Shape;
        using (var file = File.Create(input))
            Npy.Write(file, graph.Inputs[0].Type == ElementType.UInt8
                ? new Tensor(ElementType.UInt8, shape, new byte[shape.ElementCount])
                : Tensor.From<float>(shape, new float[shape.ElementCount]));
        Assert.Equal(ExitCode.Done, Run("run", model, input, "--engine", "fused").Code);
        var (code, output, _) = Run("inspect", model, "--json");
        Assert.Equal(ExitCode.Done, code);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(graph.Opset, report.GetProperty("opset").GetInt32());
        Assert.True(report.GetProperty("macs").GetInt64() > 0);
    }

    [Theory]
    [InlineData("half", "fp16 network, computed in fp32: this core has no half arithmetic")]
    [InlineData("stale", "output 'y' is declared as Float32[1x7], but the network produces Float32[1x2]")]
    public void What_is_read_otherwise_than_declared_is_said_once(string form, string expected)
    {
        string model = _folder.Write("m.onnx", OnnxRoundTripTests.Write(Form(form)));
        using (var file = File.Create(_folder["x.npy"])) Npy.Write(file, Tensor.From<float>(new Shape(2, 3, 4, 4), new float[96]));
        foreach (string engine in new[] { "fused", "auto" })
        {
            string error = Run("run", model, _folder["x.npy"], "--engine", engine).Error;
            Assert.Equal(2, error.Split(expected).Length);
        }
    }

    [Fact]
    public void An_array_of_halves_feeds_a_network_of_halves()
    {
        string model = _folder.Write("m.onnx", OnnxRoundTripTests.Write(Form("half")));
        var random = new Random(1);
        Half[] values = [.. Enumerable.Range(0, 48).Select(_ => (Half)random.NextSingle())];
        using (var file = File.Create(_folder["half.npy"])) Npy.Write(file, Tensor.From<Half>(new Shape(1, 3, 4, 4), values));
        using (var file = File.Create(_folder["float.npy"]))
            Npy.Write(file, Tensor.From<float>(new Shape(1, 3, 4, 4), [.. values.Select(v => (float)v)]));
        Assert.Equal(
            ExitCode.Done, Run("run", model, _folder["half.npy"], _folder["float.npy"], "--engine", "fused", "--output-npy", _folder["out"]).Code);
        Assert.Equal(File.ReadAllBytes(_folder["out/float.y.npy"]), File.ReadAllBytes(_folder["out/half.y.npy"]));
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void A_network_that_takes_bytes_is_fed_the_pixels_as_they_are(bool isChannelsLast)
    {
        // y = x, so that the output tells what was fed.
        var graph = new Graph { Opset = 13 };
        graph.Inputs.Add(new("x", ElementType.UInt8, isChannelsLast ? new Shape(1, 2, 4, 3) : new Shape(1, 3, 2, 4)));
        graph.Add(new Node("Cast", "cast", ["x"], ["f"]).With("to", (long)ElementType.Float32));
        graph.Add(isChannelsLast
            ? new Node("Transpose", "turn", ["f"], ["y"]).With("perm", new long[] { 0, 3, 1, 2 })
            : new Node("Relu", "relu", ["f"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 3, 2, 4)));
        string model = _folder.Write("m.onnx", OnnxRoundTripTests.Write(graph));
        byte[] rgb = [.. Enumerable.Range(0, 24).Select(i => (byte)(i * 11))];
        string picture = _folder.Write("p.ppm", [.. "P6\n4 2\n255\n"u8, .. rgb]);

        var (code, _, error) = Run("run", model, picture, "--engine", "fused", "--output-npy", _folder["out"]);
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("pixels as bytes, 0 to 255", error, StringComparison.Ordinal);
        float[] planar = [.. Enumerable.Range(0, 24).Select(i => (float)rgb[i % 8 * 3 + i / 8])];
        Assert.Equal(planar, Npy.Read(_folder["out/p.y.npy"]).ToFloats());

        var refused = Run("run", model, picture, "--mean", "0.5,0.5,0.5");
        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Contains("takes pixels as bytes and normalises them itself", refused.Error, StringComparison.Ordinal);
    }

    private static Graph Form(string form)
    {
        var graph = new Graph { Opset = form == "axes" ? 18 : 13 };
        var (input, output) = form switch
        {
            "half" => (ElementType.Float16, ElementType.Float16),
            "pixels" => (ElementType.UInt8, ElementType.Float32),
            _ => (ElementType.Float32, ElementType.Float32),
        };
        graph.Inputs.Add(new("x", input, new Shape(1, 3, 4, 4)));
        string x = form == "pixels" ? graph.Add(new Node("Cast", "cast", ["x"], ["f"]).With("to", (long)ElementType.Float32)) : "x";
        graph.Add("w", form == "half"
            ? Tensor.From<Half>(new Shape(2, 3, 1, 1), [.. new Half[6].Select(_ => (Half)0.5f)])
            : Tensor.From<float>(new Shape(2, 3, 1, 1), [1, 2, 3, 4, 5, 6]));
        graph.Add(new Node("Conv", "conv", [x, "w"], ["c"]));
        switch (form)
        {
            case "axes":
                graph.Add(new Node("Constant", "axes", [], ["axes"]).With("value_ints", new long[] { 2, 3 }));
                graph.Add(new Node("ReduceMean", "mean", ["c", "axes"], ["y"]).With("keepdims", 0L));
                break;
            case "shape":
                graph.Add("zero", Tensor.Scalar(0L));
                graph.Add("rest", Tensor.Vector<long>(-1));
                graph.Add(new Node("GlobalAveragePool", "mean", ["c"], ["g"]));
                graph.Add(new Node("Shape", "shape", ["g"], ["s"]));
                graph.Add(new Node("Gather", "batch", ["s", "zero"], ["b"]).With("axis", 0L));
                graph.Add("first", Tensor.Vector<long>(0));
                graph.Add(new Node("Unsqueeze", "unsqueeze", ["b", "first"], ["u"]));
                graph.Add(new Node("Concat", "to", ["u", "rest"], ["t"]).With("axis", 0L));
                graph.Add(new Node("Reshape", "reshape", ["g", "t"], ["y"]));
                break;
            default:
                graph.Add(new Node("GlobalAveragePool", "mean", ["c"], ["g"]));
                graph.Add(new Node("Flatten", "flatten", ["g"], ["y"]));
                break;
        }

        graph.Outputs.Add(new("y", output, form == "stale" ? new Shape(1, 7) : new Shape(1, 2)));
        return graph;
    }

    private static (ExitCode Code, string Output, string Error) Run(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = ResNetEdge.Cli.Program.Shell.Run(words, new Terminal(output, error));
        return (code, output.ToString(), error.ToString());
    }
}
