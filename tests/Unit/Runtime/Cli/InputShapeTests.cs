using System.Text.Json;
using ResNetEdge.CommandLine;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Cli;

/// <summary><c>--input-shape</c> of the verbs that read a model.</summary>
public sealed class InputShapeTests : IDisposable
{
    private const int Float32 = (int)ElementType.Float32;

    private readonly TempFolder _folder = new();
    private readonly string _model;

    public InputShapeTests() => _model = _folder.Write("m.onnx", new TinyOnnx().Node("GlobalAveragePool", ["x"], ["y"])
        .OpenInput("x", Float32, "N", "1", "H", "W").OpenOutput("y", Float32, "N", "1", "1", "1").ToBytes());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_of_open_size_runs_at_the_size_that_is_given()
    {
        using (var file = File.Create(_folder["x.npy"])) Npy.Write(file, Tensor.From<float>(new Shape(1, 1, 2, 3), [1, 2, 3, 4, 5, 6]));
        string[] words = ["run", _model, _folder["x.npy"], "--engine", "fused", "--input-shape", "x=1x1x2x3", "--output-npy", _folder["out"]];
        var (code, _, error) = Cli(words);
        Assert.True(code == ExitCode.Done, error);
        Assert.Equal([3.5f], Npy.Read(_folder["out/x.y.npy"]).As<float>().ToArray());
    }

    [Fact]
    public void Bench_and_inspect_take_it_too()
    {
        Assert.Equal(ExitCode.Done, Cli("bench", _model, "--engine", "fused", "--seconds", "0", "--input-shape", "x=2x1x8x8").Code);
        var (code, output, error) = Cli("inspect", _model, "--json", "--input-shape=x=2x1x8x8");
        Assert.True(code == ExitCode.Done, error);
        var shape = JsonDocument.Parse(output).RootElement.GetProperty("inputs")[0].GetProperty("shape");
        Assert.Equal([2, 1, 8, 8], shape.EnumerateArray().Select(d => d.GetInt32()));
    }

    [Fact]
    public void Without_it_the_refusal_names_it()
    {
        var (code, _, error) = Cli("inspect", _model);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("--input-shape", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("needs an input's name and its whole shape", "1x3x8x8")]
    [InlineData("needs an input's name and its whole shape", "=1x3x8x8")]
    [InlineData("needs an input's name and its whole shape", "x=")]
    [InlineData("is empty; every dimension must be at least 1", "x=1x1x0x8")]
    [InlineData("needs an input's name and its whole shape", "x=1x-3")]
    [InlineData("needs an input's name and its whole shape", "x=1x,3")]
    [InlineData("needs an input's name and its whole shape", "x=65536x65536")]
    [InlineData("was given twice for input 'x'", "x=1x1x8x8", "x=1x1x8x8")]
    [InlineData("unknown input 'z'; did you mean 'x'?", "z=1x1x8x8")]
    public void What_is_no_shape_or_does_not_fit_is_a_usage_error(string expected, params string[] values)
    {
        var (code, _, error) = Cli(["inspect", _model, .. values.SelectMany(value => new[] { "--input-shape", value })]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static (ExitCode Code, string Output, string Error) Cli(params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = ResNetEdge.Cli.Program.Shell.Run(words, new Terminal(output, error));
        return (code, output.ToString(), error.ToString());
    }
}
