using ResNetEdge.CommandLine;
using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;

namespace ResNetEdge.Daemon.Commands;

/// <summary><c>resnetedge-service run</c>: <c>resnetedge run</c> with the service and the cameras of the network.</summary>
internal static class RunCommand
{
    private static readonly Option Service = Cli.Commands.RunCommand.Service, Check = Cli.Commands.RunCommand.Check;

    public static Verb Verb { get; } = Cli.Commands.RunCommand.Of(Cli.Commands.ServiceProgram.Beside) with { Run = Run };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        if (arguments.Value(Service.Name) is not { } configuration) return Cli.Commands.RunCommand.Run(arguments, NetworkCameras.Table, terminal);
        var others =
            Verb.Options.Where(o => o != Service && o != Check && arguments.Has(o.Name)).Select(o => o.Name).Concat(arguments.Operands).ToList();
        return others.Count == 0
            ? ServiceRun.Run(configuration, arguments.Has(Check.Name), terminal)
            : throw Arguments.Usage($"{Service.Name} takes all settings from its file; '{SafeAddress.Show(others[0])}' cannot be combined with it");
    }
}
