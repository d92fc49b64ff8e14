using ResNetEdge.Backends.Cpu;
using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Packages;

namespace ResNetEdge.Cli;

/// <summary>Options that several verbs share: one definition, one way to read them.</summary>
internal static class CommonOptions
{
    public static Option Engine { get; } =
        new("--engine", "NAME", $"{string.Join(", ", EngineTable.Names)}; default auto, the best that can run the whole model.")
        {
            Choices = [.. EngineTable.Names],
        };

    public static Option Isa { get; } = new("--isa", "TIER", "Forces a kernel tier ('resnetedge doctor' lists them); RESNETEDGE_ISA does the same.");

    public static Option Key { get; } =
        new("--key", "FILE", "Public key (.pub): accepts only packages signed with it, and checks every file against its signed SHA-256.");

    public static Option ModelMib { get; } = CommandLine.ModelMib.Option;

    public static Option Json { get; } = new("--json", null, "Prints JSON instead of text.");

    /// <summary>What the caller asks of an engine.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="engines">Names given; unless all are engines without tiers, a tier that this
    /// machine lacks is reported here, before <c>auto</c> could pass it over.</param>
    /// <param name="say">Told how many threads there are when the command line says neither that nor which engine.</param>
    /// <exception cref="EdgeException">Exit 2: threads out of range. Exit 5: a kernel tier that this machine lacks.</exception>
    public static EngineOptions ReadEngineOptions(Arguments arguments, IEnumerable<string> engines, Action<string> say)
    {
        CommandLine.ModelMib.Read(arguments);
        var options = new EngineOptions
        {
            Threads = ThreadsOption.Read(arguments, engines.Contains(EngineTable.Auto) ? say : null),
            Isa = arguments.Value(Isa.Name),
            Provider = ProviderOptions.ReadName(arguments, engines),
            ProviderOptions = ProviderOptions.ReadSettings(arguments),
        };
        if (engines.Any(name => name != OnnxRuntimeEngine.EngineName)) KernelTiers.Choose(options.Isa);
        return options;
    }

    /// <summary>The keys that <c>--key</c> names; null when it is not given.</summary>
    /// <exception cref="EdgeException">Exit 3: it is not a file of public keys. Exit 5: OpenSSL is missing.</exception>
    public static TrustedKeys? ReadKeys(Arguments arguments) => arguments.Value(Key.Name) is { } path ? TrustedKeys.Read(path) : null;

    /// <summary>The engine's name; checked, so that a wrong one is reported before anything is loaded.</summary>
    public static string ReadEngine(Arguments arguments)
    {
        string name = arguments.Value(Engine.Name) ?? EngineTable.Auto;
        EngineTable.Check(name);
        return name;
    }
}
