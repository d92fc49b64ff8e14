using ResNetEdge.CommandLine;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Unit.Runtime.Sessions;

namespace ResNetEdge.Tests.Unit.Runtime.Cli;

/// <summary>Streaming networks on the command line: exported with their states, and run item by item.</summary>
public sealed class StateOptionTests : IDisposable
{
    private const int Steps = 6;
    private readonly TempFolder _folder = new();

    public StateOptionTests()
    {
        using (var model = File.Create(_folder["gru.onnx"])) OnnxWriter.Write(StreamingModels.Gru(1, true), model);
        foreach (string name in new[] { "a", "b" })
        {
            using var file = File.Create(_folder[$"{name}.npy"]);
            Npy.Write(file, Tensor.From<float>(new Shape(Steps, 1, StreamingModels.Inputs), StreamingModels.Sound(Steps)));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Items_of_a_file_are_a_stream_and_each_file_begins_another()
    {
        Runs(_folder["gru.onnx"], "--state", "h_out=h_in");
        Assert.NotEqual(Output("a")[..StreamingModels.Hidden], Output("a")[^StreamingModels.Hidden..]);
        Assert.Equal(Expected(), Output("a"));
        Assert.Equal(Expected(), Output("b"));
    }

    [Theory]
    [InlineData("--state", "h_out=h_in"), InlineData("--states", "auto")]
    public void A_package_names_its_states(string option, string value)
    {
        var (code, _, error) = Exporter("export", _folder["gru.onnx"], "-o", _folder["package"], "--precision", "fp32", option, value);
        Assert.True(code == ExitCode.Done, error);
        using (var package = Package.Open(_folder["package"])) Assert.Equal(StreamingModels.States, package.Manifest!.States);
        Runs(_folder["package"]);
        Assert.Equal(Expected(), Output("a"));
        var (again, _, refusal) = Cli("run", _folder["package"], _folder["a.npy"], "--engine", "fused", "--state", "h_out=h_in");
        Assert.Equal(ExitCode.Usage, again);
        Assert.Contains("names its states itself; give none for it", refusal, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, Cli("verify", _folder["package"], "--engine", "fused").Code);
    }

    [Theory]
    [InlineData("h_out"), InlineData("=h_in"), InlineData("h_out=")]
    public void What_is_not_a_pair_of_names_is_a_usage_error(string value)
    {
        var (code, _, error) = Cli("run", _folder["gru.onnx"], _folder["a.npy"], "--state", value);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("needs the names of an output and an input, such as h_out=h_in", error, StringComparison.Ordinal);
    }

    private static float[] Expected()
    {
        using var session = Session.Create(StreamingModels.Gru(1, true), new SessionOptions { States = StreamingModels.States });
        float[] sound = StreamingModels.Sound(Steps), y = new float[Steps * StreamingModels.Hidden];
        for (int step = 0; step < Steps; step++)
            session.Run<float, float>(
                sound.AsSpan(step * StreamingModels.Inputs, StreamingModels.Inputs), y.AsSpan(step * StreamingModels.Hidden, StreamingModels.Hidden));
        return y;
    }

    private void Runs(string model, params string[] options)
    {
        var (code, _, error) = Cli(
            ["run", model, _folder["a.npy"], _folder["b.npy"], "--engine", "fused", "--output-npy", _folder["out"], .. options]);
        Assert.True(code == ExitCode.Done, error);
    }

    private float[] Output(string input) => Npy.Read(_folder[$"out/{input}.y.npy"]).As<float>().ToArray();

    private static (ExitCode Code, string Output, string Error) Cli(params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (ResNetEdge.Cli.Program.Shell.Run(words, new Terminal(output, error)), output.ToString(), error.ToString());
    }

    private static (ExitCode Code, string Output, string Error) Exporter(params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (ResNetEdge.Exporter.Program.Shell.Run(words, new Terminal(output, error)), output.ToString(), error.ToString());
    }
}
