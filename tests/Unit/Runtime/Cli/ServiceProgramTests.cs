using ResNetEdge.Cli;
using ResNetEdge.Cli.Commands;
using ResNetEdge.CommandLine;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Cli;

/// <summary>What <c>resnetedge run</c> hands over to <c>resnetedge-service</c>, with a stand-in for the call that would end this process.</summary>
public sealed class ServiceProgramTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _replacedBy = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run", "--service", "s.yaml")]
    [InlineData("run", "--service=s.yaml", "--check")]
    [InlineData("run", "a package", "--camera", "http://camera/stream", "--frames", "3", "--json")]
    [InlineData("run", "--camera", "HTTPS://camera/", "p", "--", "")]
    [InlineData("run", "p", "--camera", "rtsp://camera/stream")]
    [InlineData("run", "p", "--camera", "csi://0")]
    [InlineData("run", "p", "--camera", "film.mp4")]
    [InlineData("run", "p", "--camera", "pipeline: videotestsrc")]
    public void The_service_and_cameras_of_the_network_go_over_word_for_word(params string[] words)
    {
        string path = _folder.Write(ServiceProgram.Name, []);
        Assert.Equal((ExitCode.Done, ""), Run(path, 0, words));
        Assert.Equal([path, ServiceProgram.Name, .. words], _replacedBy);
    }

    [Theory]
    [InlineData("run", "--check")]
    [InlineData("run", "m.onnx", "--camera", "/dev/video0", "--frames", "0")]
    [InlineData("run", "m.onnx", "--service")]
    public void Everything_else_stays(params string[] words)
    {
        Assert.Equal(ExitCode.Usage, Run(_folder.Write(ServiceProgram.Name, []), 0, words).Code);
        Assert.Empty(_replacedBy);
    }

    [Fact]
    public void A_missing_program_is_exit_5_and_says_where_it_should_be()
    {
        var (code, error) = Run(_folder["nowhere"], 0, "run", "--service", "s.yaml");
        Assert.Equal(ExitCode.Unavailable, code);
        Assert.Contains($"{_folder["nowhere"]} (Debian package resnetedge-service)", error, StringComparison.Ordinal);
        Assert.Empty(_replacedBy);
    }

    [Fact]
    public void A_program_that_cannot_be_run_is_exit_5_with_the_reason()
    {
        const int permissionDenied = 13;
        var (code, error) = Run(_folder.Write(ServiceProgram.Name, []), permissionDenied, "run", "--service", "s.yaml");
        Assert.Equal(ExitCode.Unavailable, code);
        Assert.Contains("Permission denied", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m.onnx")]
    [InlineData("--engine", "fused")]
    public void The_service_takes_nothing_beside_its_file(params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.Equal(ExitCode.Usage, ResNetEdge.Daemon.Program.Shell.Run(["run", "--service", "s.yaml", .. words], new Terminal(output, error)));
        Assert.Contains($"'{words[0]}' cannot be combined with it", error.ToString(), StringComparison.Ordinal);
    }

    private (ExitCode Code, string Error) Run(string path, int errorNumber, params string[] words)
    {
        var service = new ServiceProgram(path, (program, vector) =>
        {
            _replacedBy.AddRange([program, .. vector]);
            return errorNumber;
        });
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = new Shell("resnetedge", "", "", [RunCommand.Of(service)]).Run(words, new Terminal(output, error));
        return (code, error.ToString());
    }
}
