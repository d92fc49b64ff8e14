using ResNetEdge.CommandLine;
using Spectre.Console;

namespace ResNetEdge.Exporter.Progress;

/// <summary>The display that fits where a program writes.</summary>
internal static class ProgressDisplays
{
    /// <summary>A bar on a terminal, plain lines elsewhere; both on stderr.</summary>
    public static ProgressDisplay On(Terminal terminal) => terminal.IsErrorInteractive
        ? new SpectreDisplay(
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error), Interactive = InteractionSupport.Yes }))
        : new LineDisplay(terminal.Error, TimeProvider.System);
}
