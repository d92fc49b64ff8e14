using ResNetEdge.CommandLine;

namespace ResNetEdge.Exporter.Commands;

internal static class EvaluateCommand
{
    public static readonly Verb Verb = new() { Name = "evaluate", Summary = "", Operands = "PACKAGE DIR", MinOperands = 2, MaxOperands = 2, Options = [], Run = static (_, _) => ExitCode.Defect };
}
