using System.Text.Json;
using ResNetEdge.CommandLine;

namespace ResNetEdge.Tests.Unit.Exporter.Signing;

/// <summary>keygen, sign and verify --key as they are typed.</summary>
public class SigningCommandTests
{
    [Fact]
    public void A_key_is_made_a_package_signed_and_the_signature_checked()
    {
        using var sample = new SignedSample();
        string name = Path.Combine(sample.Folder, "acme");
        var (code, output, _) = Export("keygen", "-o", name, "--json");
        Assert.Equal(ExitCode.Done, code);
        string id = JsonDocument.Parse(output).RootElement.GetProperty("key_id").GetString()!;
        Assert.Equal(ExitCode.BadInput, Export("keygen", "-o", name).Code);

        Assert.Equal(ExitCode.Refused, Run("verify", sample.Package, "--key", name + ".pub").Code);
        (code, output, _) = Export("sign", sample.Package, "--key", name + ".key", "--json");
        Assert.Equal((ExitCode.Done, id), (code, JsonDocument.Parse(output).RootElement.GetProperty("key_id").GetString()));
        (code, output, string error) = Run("verify", sample.Package, "--key", name + ".pub", "--engine", "fused", "--json");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Equal(id, JsonDocument.Parse(output).RootElement.GetProperty("signed_by").GetString());

        Assert.Equal(ExitCode.Refused, Run("verify", sample.Package, "--key", sample.Public).Code);
        Assert.Equal(ExitCode.Refused, Run("run", sample.Package, "x.png", "--key", sample.Public).Code);
        Assert.Equal(ExitCode.Refused, Run("bench", sample.Package, "--key", sample.Public, "--seconds", "0").Code);
        Assert.Equal(ExitCode.Done, Run("bench", sample.Package, "--key", name + ".pub", "--seconds", "0", "--engine", "fused").Code);
        Assert.Equal(ExitCode.BadInput, Run("verify", sample.Package, "--key", name + ".key").Code);
        Assert.Equal(ExitCode.BadInput, Export("sign", sample.Package, "--key", name + ".pub").Code);
    }

    [Fact]
    public void What_is_needed_is_asked_for()
    {
        Assert.Equal(ExitCode.Usage, Export("keygen").Code);
        Assert.Equal(ExitCode.Usage, Export("sign", "p").Code);
    }

    private static (ExitCode Code, string Output, string Error) Export(params string[] words) => Call(ResNetEdge.Exporter.Program.Shell, words);

    private static (ExitCode Code, string Output, string Error) Run(params string[] words) => Call(ResNetEdge.Cli.Program.Shell, words);

    private static (ExitCode Code, string Output, string Error) Call(Shell shell, string[] words)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = shell.Run(words, new Terminal(output, error));
        return (code, output.ToString(), error.ToString());
    }
}
