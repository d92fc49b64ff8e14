using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Commands;

namespace ResNetEdge.Exporter;

internal static class Program
{
    /// <summary>The verbs, in the order of the help text.</summary>
    public static readonly Verb[] Verbs =
    [
        ExportCommand.Verb, EvaluateCommand.Verb, HideCommand.Verb, InspectCommand.Verb, KeygenCommand.Verb, SignCommand.Verb,
    ];

    /// <summary>The program, for tests to run within their own process.</summary>
    public static Shell Shell { get; } = new(
        "resnetedge-export", "makes edge packages from trained residual networks", BuildInfo.Version, Verbs);

    private static int Main(string[] args) => Shell.Run(args);
}
