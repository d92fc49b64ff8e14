using ResNetEdge.CommandLine;
using ResNetEdge.Daemon.Commands;

namespace ResNetEdge.Daemon;

internal static class Program
{
    /// <summary>
    /// The verb table. <c>resnetedge</c> hands its command line over as it is, so a verb here has the name and options of the one there.
    /// </summary>
    public static IReadOnlyList<Verb> Verbs { get; } = [RunCommand.Verb, DoctorCommand.Verb];

    /// <summary>The whole program, as tests call it too.</summary>
    public static Shell Shell { get; } =
        new("resnetedge-service", "runs residual networks as a service and on network cameras", BuildInfo.Version, Verbs);

    private static int Main(string[] args) => Shell.Run(args);
}
