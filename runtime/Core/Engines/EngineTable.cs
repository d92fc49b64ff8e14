using ResNetEdge.Backends.Cpu;
using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Packages;

namespace ResNetEdge.Engines;

/// <summary>An engine by name.</summary>
/// <param name="Name">As given to <c>--engine</c>.</param>
/// <param name="Summary">For people: what it is and what it needs.</param>
/// <param name="Load">Loads a model; throws exit 5 when the engine cannot be had or cannot run the model, exit 3 when the model is at fault.</param>
internal sealed record EngineKind(string Name, string Summary, Func<ModelSource, EngineOptions, IEngine> Load)
{
    /// <summary>Why this machine cannot have the engine, whatever the model; null where it can, and where only loading tells.</summary>
    public Func<EngineOptions, string?> Obstacle { get; init; } = static _ => null;
}

/// <summary>A loaded engine, and why it was this one.</summary>
internal sealed record LoadedEngine(IEngine Engine, string Reason);

/// <summary>Every engine there is, best first. A new engine is one file and one line here.</summary>
internal static class EngineTable
{
    /// <summary>The name that stands for the best engine that can run the whole model.</summary>
    public const string Auto = "auto";

    /// <summary>The engines that <see cref="Auto"/> tries, in this order.</summary>
    public static IReadOnlyList<EngineKind> All { get; } =
    [
        new(CudaEngine.EngineName, "int8 on an NVIDIA GPU, bit for bit as on the CPU; needs the GPU's driver alone",
            static (model, options) => CudaEngine.Load(model, options)) { Obstacle = CudaEngine.Obstacle },
        new(FusedEngine.EngineName, "built in: convolution, bias, residual add and activation in one pass; pure C#",
            static (model, options) => new FusedEngine(model, options)),
        new(OnnxRuntimeEngine.EngineName, "ONNX Runtime on the CPU; needs its shared library",
            static (model, options) => new OnnxRuntimeEngine(model, options)),
    ];

    /// <summary>Names that a command line may give.</summary>
    public static IEnumerable<string> Names => [Auto, .. All.Select(e => e.Name)];

    /// <summary>
    /// Loads a model on the engine of that name, or on the best one that can run it whole. A kernel tier that this machine lacks is told
    /// before <see cref="Auto"/> could pass over the engine that has tiers.
    /// </summary>
    /// <exception cref="EdgeException">Exit 2: no such name. Exit 5: the engine cannot be had or cannot run the model; never another one instead.
    /// Exit 3: the model is at fault.</exception>
    public static LoadedEngine Load(string name, ModelSource model, EngineOptions options)
    {
        if (!Names.Contains(name)) Check(name);
        if (name == Auto) KernelTiers.Choose(options.Isa);
        if (options.Provider is { } provider && name != OnnxRuntimeEngine.EngineName)
        {
            throw new EdgeException(
                FailureKind.Usage,
                $"provider '{provider}' belongs to engine {OnnxRuntimeEngine.EngineName}, not to '{name}'; ask for that engine by name");
        }

        return name == Auto
            ? LoadBest([.. All.Where(e => e.Obstacle(options) is null)], model, options)
            : new LoadedEngine(All.Single(e => e.Name == name).Load(model, options), "requested by name");
    }

    /// <summary>Checks a name without loading anything.</summary>
    /// <exception cref="EdgeException">Exit 2: no such name. Exit 5: a known engine that this machine cannot have.</exception>
    public static void Check(string name)
    {
        if (All.FirstOrDefault(e => e.Name == name)?.Obstacle(new EngineOptions()) is { } sentence) throw EdgeException.Unavailable(sentence);
        if (!Names.Contains(name)) throw new EdgeException(FailureKind.Usage, $"unknown engine '{name}'; known engines: {string.Join(", ", Names)}");
    }

    /// <summary>The first engine that loads the model; when none does, the best engine's complaint, followed by the others'.</summary>
    internal static LoadedEngine LoadBest(IReadOnlyList<EngineKind> kinds, ModelSource model, EngineOptions options)
    {
        var complaints = new List<EdgeException>();
        foreach (var kind in kinds)
        {
            try
            {
                var engine = kind.Load(model, options);
                return new LoadedEngine(engine, complaints.Count == 0
                    ? "the best engine that can run the whole model"
                    : string.Join("; ", complaints.Select((e, i) => $"not {kinds[i].Name}: {e.Message}")));
            }
            catch (EdgeException e) when (e is { ConcernsEveryEngine: false, Kind: FailureKind.BadInput or FailureKind.Unavailable })
            {
                complaints.Add(e);
            }
        }

        // Where all say that the model is at fault, the best engine's sentence is enough.
        if (complaints.All(e => e.Kind == FailureKind.BadInput)) throw complaints[0];
        throw new EdgeException(
            complaints[0].Kind, string.Join("; ", complaints.Select((e, i) => $"engine {kinds[i].Name}: {e.Message}")), complaints[0]);
    }
}
