using ResNetEdge.CommandLine;
using ResNetEdge.Engines;

namespace ResNetEdge.Cli;

/// <summary>Options that several verbs share: one definition, one way to read them.</summary>
internal static class CommonOptions
{
    private const int MaxThreads = 256;

    public static Option Engine { get; } = new("--engine", "NAME", $"{string.Join(", ", EngineTable.Names)}; default auto, the best that runs the whole model.");

    public static Option Threads { get; } = new("--threads", "N", "Threads that share one inference; default 1.");

    public static Option Isa { get; } = new("--isa", "TIER", "Forces a kernel tier ('resnetedge doctor' lists them); RESNETEDGE_ISA does the same.");

    public static Option Json { get; } = new("--json", null, "Prints JSON instead of words.");

    /// <summary>What the caller asks of an engine.</summary>
    public static EngineOptions ReadEngineOptions(Arguments arguments) => new()
    {
        Threads = arguments.Int(Threads.Name, 1, 1, MaxThreads),
        Isa = arguments.Value(Isa.Name),
    };

    /// <summary>The engine's name; checked, so that a wrong one is told before anything is loaded.</summary>
    public static string ReadEngine(Arguments arguments)
    {
        string name = arguments.Value(Engine.Name) ?? EngineTable.Auto;
        EngineTable.Check(name);
        return name;
    }
}
