using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Reports;
using ResNetEdge.Exporter.Signing;

namespace ResNetEdge.Exporter.Commands;

/// <summary><c>sign</c>: a package tells who made it.</summary>
internal static class SignCommand
{
    /// <summary>Command line of <c>sign</c>.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "sign",
        Summary = "Signs a package, so that 'resnetedge verify --key' and the service can tell who made it.",
        Operands = "PACKAGE",
        MinOperands = 1,
        MaxOperands = 1,
        Options = [new(
            "--key", "FILE", "The private key written by 'keygen' (.key). Required."), new("--json", null, "Prints JSON instead of text.")],
        Notes = """
            Every file is first checked against the manifest (exit 4 otherwise); then the manifest, which lists the SHA-256 of every file, is
            signed, and the signature goes into the package's file 'signature'. An existing signature is replaced.

              resnetedge-export sign resnet20 --key acme.key
            """,
        Run = Run,
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        using var key =
            SigningKey.Read(arguments.Value("--key") ?? throw Arguments.Usage("'sign' needs --key FILE, the private key that 'keygen' wrote"));
        var signature = PackageSigner.Sign(arguments.Operands[0], key);
        var report = new SignReport(arguments.Operands[0], signature.Algorithm, signature.KeyId);
        if (arguments.Has("--json")) Json.WriteLine(terminal.Out, report, Json.Default.SignReport);
        else terminal.Out.WriteLine($"{report.Package}: signed with key {report.KeyId}");
        return ExitCode.Done;
    }
}
