using ResNetEdge.CommandLine;
using ResNetEdge.Model;

namespace ResNetEdge.Cli;

/// <summary><c>--state</c>: the states of a model that does not name its own.</summary>
internal static class StateOption
{
    /// <summary>The option.</summary>
    public static Option Option { get; } = new(
        "--state", "OUTPUT=INPUT",
        "For a bare .onnx file: an output that the next item takes as an input, 0 for the first item of each INPUT file.", Repeats: true);

    /// <summary>What the command line says.</summary>
    /// <exception cref="EdgeException">Usage: not two names.</exception>
    public static IReadOnlyList<ModelState> Read(Arguments arguments) => [.. arguments.Values(Option.Name).Select(StatePair.Parse)];
}
