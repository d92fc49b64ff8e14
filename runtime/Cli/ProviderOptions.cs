using ResNetEdge.CommandLine;
using ResNetEdge.Engines.OnnxRuntime;

namespace ResNetEdge.Cli;

/// <summary><c>--provider</c> and <c>--provider-option</c>: on what ONNX Runtime runs a model.</summary>
internal static class ProviderOptions
{
    private static readonly Option Provider = new(
        "--provider", "NAME",
        $"With --engine {OnnxRuntimeEngine.EngineName}: the execution provider that runs the whole model, "
        + $"{string.Join(" or ", OnnxRuntimeProvider.All.Select(p => p.Name))}; default: the CPU.")
    {
        Choices = [.. OnnxRuntimeProvider.All.Select(p => p.Name)],
    };

    private static readonly Option Setting = new(
        "--provider-option", "NAME=VALUE",
        "An option of the provider as ONNX Runtime documents it, such as device_id=0 or trt_engine_cache_path=/var/cache/trt.", Repeats: true);

    /// <summary>What 'run', 'bench' and 'verify' take of these.</summary>
    public static IReadOnlyList<Option> All { get; } = [Provider, Setting];

    /// <summary>The provider; null for the CPU.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="engines">The engines that it names.</param>
    /// <exception cref="EdgeException">Usage: no such provider, or no engine that has any.</exception>
    public static string? ReadName(Arguments arguments, IEnumerable<string> engines)
    {
        if (arguments.Value(Provider.Name) is not { } name) return null;
        if (!engines.Contains(OnnxRuntimeEngine.EngineName)) throw Arguments.Usage($"{Provider.Name} needs --engine {OnnxRuntimeEngine.EngineName}");
        return OnnxRuntimeProvider.Find(name).Name;
    }

    /// <summary>The provider's options.</summary>
    /// <exception cref="EdgeException">Usage: not NAME=VALUE, given twice, or without a provider.</exception>
    public static IReadOnlyDictionary<string, string> ReadSettings(Arguments arguments)
    {
        var settings = new Dictionary<string, string>();
        foreach (string word in arguments.Values(Setting.Name))
        {
            if (!arguments.Has(Provider.Name)) throw Arguments.Usage($"{Setting.Name} needs {Provider.Name}");
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw Arguments.Usage($"{Setting.Name} '{word}' is not NAME=VALUE");
            if (!settings.TryAdd(word[..equals], word[(equals + 1)..])) throw Arguments.Usage($"{Setting.Name} '{word[..equals]}' is given twice");
        }

        return settings;
    }
}
