using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Reports;
using ResNetEdge.Exporter.Signing;

namespace ResNetEdge.Exporter.Commands;

/// <summary><c>keygen</c>: makes a key to sign packages with.</summary>
internal static class KeygenCommand
{
    /// <summary>Command line of <c>keygen</c>.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "keygen",
        Summary = "Makes a key pair for signing packages: NAME.key, which you keep, and NAME.pub, for devices.",
        Operands = "",
        MinOperands = 0,
        MaxOperands = 0,
        Options = [new("-o", "NAME", "Writes NAME.key and NAME.pub. Required."), new("--json", null, "Prints JSON instead of text.")],
        Notes = """
            ECDSA P-256; PEM files, as openssl reads and writes them. NAME.key is readable by its owner alone, and an existing file is never
            written over. Keep NAME.key away from devices, with a copy in a safe place: whoever has it can make packages that devices take.

              resnetedge-export keygen -o acme
            """,
        Run = Run,
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        var files = KeyFiles.Of(arguments.Value("-o") ?? throw Arguments.Usage("'keygen' needs -o NAME; it writes NAME.key and NAME.pub"));
        using var key = SigningKey.Create();
        files.Write(key);
        using var half = key.Public();
        var report = new KeygenReport(files.Private, files.Public, half.Id);
        if (arguments.Has("--json")) Json.WriteLine(terminal.Out, report, Json.Default.KeygenReport);
        else
            terminal.Out.WriteLine($"key {report.KeyId}\n  {report.PrivateKey}: signs packages; "
                + $"keep it off devices, and back it up\n  {report.PublicKey}: for devices, 'resnetedge verify --key' and the service");
        return ExitCode.Done;
    }
}
