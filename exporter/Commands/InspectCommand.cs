using ResNetEdge.CommandLine;

namespace ResNetEdge.Exporter.Commands;

internal static class InspectCommand
{
    public static readonly Verb Verb = new() { Name = "inspect", Summary = "", Operands = "PACKAGE DIR", MinOperands = 2, MaxOperands = 2, Options = [], Run = static (_, _) => ExitCode.Defect };
}
