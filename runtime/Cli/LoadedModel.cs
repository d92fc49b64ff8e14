using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tasks;

namespace ResNetEdge.Cli;

/// <summary>
/// A model on an engine, with what its package says of pictures and classes. The package is closed and its bytes are let go once the
/// engine is loaded.
/// </summary>
/// <param name="Path">As given.</param>
/// <param name="Engine">The engine on which the model is loaded.</param>
/// <param name="Reason">Why this engine.</param>
/// <param name="Manifest">Null for a bare ONNX file.</param>
/// <param name="Labels">One a class, or empty.</param>
/// <param name="GivesProbabilities">The network ends in a Softmax; else its output is logits.</param>
internal sealed record LoadedModel(
    string Path, IEngine Engine, string Reason, Manifest? Manifest, IReadOnlyList<string> Labels, bool GivesProbabilities) : IDisposable
{
    /// <summary>Opens a package or a bare ONNX file and loads it on an engine.</summary>
    /// <param name="path">As given.</param>
    /// <param name="engine">As on the command line.</param>
    /// <param name="options">Threads, tier.</param>
    /// <param name="level">Which level of the package's ladder; null for the whole network.</param>
    /// <param name="keys">When given, only a package that one of them signed is taken.</param>
    /// <param name="shapes">Shapes for inputs that the model leaves open.</param>
    /// <param name="states">States of a model that does not name its own.</param>
    /// <exception cref="EdgeException">Exit 3: the model is not there or not usable. Exit 4: it is not the one its manifest describes, or not signed
    /// as asked. Exit 5: the engine cannot be had or cannot run it.</exception>
    public static LoadedModel Load(string path, string engine, EngineOptions options, LevelChoice? level = null, TrustedKeys? keys = null,
        InputShapes? shapes = null, IReadOnlyList<ModelState>? states = null)
    {
        using var package = Package.Open(path, keys, shapes);
        var (labels, kept) = (package.Labels ?? [], package.StatesOr(states ?? []));
        var model = package.ModelAt(level?.Of(package, engine, options) ?? 0);
        var loaded = EngineTable.Load(engine, model, options);
        return new LoadedModel(path, StatefulEngine.Over(loaded.Engine, kept), loaded.Reason, package.Manifest, labels, EndsInSoftmax(model));
    }

    /// <summary>What <c>auto</c> says on stderr.</summary>
    public string Choice => $"engine {Engine.Name}: {Reason}";

    /// <summary>What the network is for, bound to it; null when its manifest names no task and its outputs look like those of none.</summary>
    /// <param name="most">How many places (classes, boxes) a result names at most.</param>
    /// <exception cref="EdgeException">Exit 3: the outputs do not fit the task that the manifest names.</exception>
    public ModelTask? Task(int most) => TaskTable.Bind(Manifest?.Task, new TaskModel(Path, Engine.Outputs, Labels, GivesProbabilities, most));

    /// <inheritdoc/>
    public void Dispose() => Engine.Dispose();

    private static bool EndsInSoftmax(ModelSource model)
    {
        try
        {
            return model.EndsInSoftmax;
        }
        catch (EdgeException)
        {
            return false; // only the other engine can read this file: its output is taken for logits, as most classifiers give
        }
    }
}
