using ResNetEdge.Cli.Commands;
using ResNetEdge.Cli.Reports;
using ResNetEdge.CommandLine;

namespace ResNetEdge.Cli;

internal static class Program
{
    /// <summary>The verb table: a new verb is one file in Commands/ and one line here.</summary>
    public static IReadOnlyList<Verb> Verbs { get; } =
    [
        RunCommand.Of(ServiceProgram.Beside),
        BenchCommand.Verb,
        VerifyCommand.Verb,
        InspectCommand.Verb,
        DoctorCommand.Verb,
    ];

    /// <summary>The whole program, as tests call it too.</summary>
    public static Shell Shell { get; } = new("resnetedge", "runs residual networks on small machines", BuildInfo.Version, Verbs);

    private static int Main(string[] args) => Shell.Run(args);
}
