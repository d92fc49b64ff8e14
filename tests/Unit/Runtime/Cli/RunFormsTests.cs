using System.IO.Compression;
using ResNetEdge.CommandLine;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Cli;

/// <summary><c>run</c> on models without inputs, on empty arrays, and on types that numpy does not have.</summary>
public sealed class RunFormsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_without_inputs_answers_without_a_file()
    {
        Done("run", Constant(), "--engine", "fused", "--output-npy", _folder["out"]);
        Assert.Equal([1, 2], Npy.Read(_folder["out/output.y.npy"]).As<long>().ToArray());
    }

    [Fact]
    public void A_model_without_inputs_takes_an_archive_without_arrays()
    {
        using (var file = File.Create(_folder["x.npz"])) new ZipArchive(file, ZipArchiveMode.Create).Dispose();
        Done("run", Constant(), _folder["x.npz"], "--engine", "fused", "--output-npy", _folder["out"]);
        Assert.Equal([1, 2], Npy.Read(_folder["out/x.y.npy"]).As<long>().ToArray());
    }

    [Fact]
    public void A_model_with_inputs_needs_a_file()
    {
        string model = _folder.Write("m.onnx", new TinyOnnx().Node("Relu", ["x"], ["y"]).Input("x", 1, 2).Output("y", 1, 2).ToBytes());
        var (code, error) = Run("run", model, "--engine", "fused");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("'run' needs a model and at least one INPUT", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_declared_with_a_dimension_of_0_takes_an_empty_array()
    {
        string model = _folder.Write("m.onnx",
            new TinyOnnx().Node("Relu", ["x"], ["y"]).OpenInput("x", 1, "0", "3").OpenOutput("y", 1, "0", "3").ToBytes());
        string x = Write("x.npy", Tensor.From<float>(new Shape(0, 3), []));
        Done("run", model, x, "--engine", "fused", "--output-npy", _folder["out"]);
        Assert.Equal(new Shape(0, 3), Npy.Read(_folder["out/x.y.npy"]).Shape);
    }

    [Fact]
    public void An_input_declared_with_a_batch_of_0_is_open_where_more_is_fed()
    {
        string model = _folder.Write("m.onnx",
            new TinyOnnx().Node("Relu", ["x"], ["y"]).OpenInput("x", 1, "0", "3").OpenOutput("y", 1, "", "3").ToBytes());
        string x = Write("x.npy", Tensor.From<float>(new Shape(2, 3), [1, -2, 3, -4, 5, -6]));
        Done("run", model, x, "--engine", "fused", "--output-npy", _folder["out"]);
        Assert.Equal([1f, 0, 3, 0, 5, 0], Npy.Read(_folder["out/x.y.npy"]).ToFloats());
    }

    [Fact]
    public void Bfloat16_is_read_and_written_as_uint16()
    {
        string model = Model(new Node("Add", "add", ["x", "x"], ["y"]), ElementType.BFloat16);
        Done("run", model, Write("x.npy", Tensor.Vector<ushort>(0x3F80, 0xC040)), "--engine", "fused", "--output-npy", _folder["out"]);
        Assert.Equal([0x4000, 0xC0C0], Npy.Read(_folder["out/x.y.npy"]).As<ushort>().ToArray());
    }

    [Fact]
    public void Float32_stands_for_half_and_the_output_is_half()
    {
        string model = Model(new Node("Add", "add", ["x", "x"], ["y"]), ElementType.Float16);
        foreach (var x in new[] { Tensor.Vector(0.5f, -3), Tensor.Vector((Half)0.5f, (Half)(-3)) })
        {
            Done("run", model, Write("x.npy", x), "--engine", "fused", "--output-npy", _folder["out"]);
            Assert.Equal([(Half)1, (Half)(-6)], Npy.Read(_folder["out/x.y.npy"]).As<Half>().ToArray());
        }
    }

    private string Constant()
    {
        var graph = new Graph();
        graph.Add(new Node("Constant", "c", [], ["y"]).With("value", Tensor.Vector(1L, 2)));
        graph.Outputs.Add(new("y", ElementType.Int64, new Shape(2)));
        return Write(graph);
    }

    private string Model(Node node, ElementType type)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", type, new Shape(2)));
        graph.Add(node);
        graph.Outputs.Add(new("y", type, new Shape(2)));
        return Write(graph);
    }

    private string Write(Graph graph)
    {
        using var file = File.Create(_folder["m.onnx"]);
        OnnxWriter.Write(graph, file);
        return _folder["m.onnx"];
    }

    private string Write(string name, Tensor tensor)
    {
        using var file = File.Create(_folder[name]);
        Npy.Write(file, tensor);
        return _folder[name];
    }

    private static void Done(params string[] words)
    {
        var (code, error) = Run(words);
        Assert.True(code == ExitCode.Done, error);
    }

    private static (ExitCode Code, string Error) Run(params string[] words)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = ResNetEdge.Cli.Program.Shell.Run(words, new Terminal(output, error));
        return (code, error.ToString());
    }
}
