using System.Diagnostics;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Preprocess;
using ResNetEdge.Tasks;

namespace ResNetEdge.Service.Model;

/// <summary>One level of a package on an engine, ready to be given frames. For one thread; a frame allocates nothing.</summary>
internal sealed class ModelRunner : IDisposable
{
    private readonly FrameInput _frames;
    private readonly InputBuffer _input;
    private readonly IReadOnlyList<ModelState> _states;
    private readonly PreprocessSpec _spec;
    private readonly Func<ModelTask> _newTask;

    /// <summary>Loads a level.</summary>
    /// <exception cref="EdgeException">Exit 3: not a network of one picture whose task is known, or it cannot be used. Exit 4: not the file that the
    /// manifest describes. Exit 5: the engine cannot be had.</exception>
    public ModelRunner(Package package, int level, string engine, EngineOptions options)
    {
        Level = level;
        Labels = package.Labels ?? [];
        var model = package.ModelAt(level);
        Network = EngineTable.Load(engine, model, options).Engine;
        _states = package.StatesOr([]);
        Engine = StatefulEngine.Over(Network, _states);
        try
        {
            _newTask = BinderOf(package, model);
            Task = _newTask();
            _spec = package.Manifest?.Preprocess?.ToSpec()
                ?? throw EdgeException.BadInput($"{package.Path}: does not describe its preprocessing; a service needs a package that does");
            _input = Engine.ImageInput(0);
            _frames = new FrameInput(_spec, _input);
        }
        catch
        {
            Engine.Dispose();
            throw;
        }
    }

    private ModelRunner(ModelRunner other, int threads)
    {
        (Level, Labels, _states, _spec, _newTask) = (other.Level, other.Labels, other._states, other._spec, other._newTask);
        Network = other.Network.Fork(threads);
        Engine = StatefulEngine.Over(Network, _states);
        try
        {
            Task = _newTask();
            _input = Engine.ImageInput(0);
            _frames = new FrameInput(_spec, _input);
        }
        catch
        {
            Engine.Dispose();
            throw;
        }
    }

    /// <summary>Of the package's ladder.</summary>
    public int Level { get; }

    /// <summary>What the network is for, bound to it.</summary>
    public ModelTask Task { get; }

    /// <summary>One a class, or empty.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The engine on which the model is loaded; it keeps the states from frame to frame.</summary>
    public IEngine Engine { get; }

    /// <summary>
    /// The same network with the states among its inputs and outputs, as golden vectors have them. <see cref="Engine"/> disposes of it.
    /// </summary>
    public IEngine Network { get; }

    /// <summary>
    /// A further runner on the same weights, with activations, states and results of its own: the two may run at the same time, and are disposed of
    /// in any order.
    /// </summary>
    /// <param name="threads">Of its engine, at most as many as this one was loaded for.</param>
    public ModelRunner Fork(int threads) => new(this, threads);

    /// <summary>Runs one frame.</summary>
    /// <param name="frame">Not released here.</param>
    /// <param name="view">What the network sees of it; null: all.</param>
    /// <param name="result">Receives the answer and durations.</param>
    /// <param name="whyNot">When the frame cannot be used: damaged.</param>
    /// <returns>False when the frame cannot be used.</returns>
    public bool TryRun(in Frame frame, FrameView? view, FrameResult result, out string? whyNot)
    {
        long start = Stopwatch.GetTimestamp();
        _frames.View = view;
        if (!_frames.TryWrite(frame, _input, out whyNot)) return false;
        result.Preprocess = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        Engine.Run();
        Task.Read(Engine, result.Answer);
        result.Infer = Stopwatch.GetElapsedTime(start);
        result.Level = Level;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _frames.Dispose();
        Engine.Dispose();
    }

    // A task reads for one runner alone, so each fork binds its own.
    private Func<ModelTask> BinderOf(Package package, ModelSource model)
    {
        string? name = package.Manifest?.Task;
        var facts = new TaskModel(package.Path, Engine.Outputs, Labels, model.EndsInSoftmax, FrameResult.MostNamed);
        var output = Engine.Outputs[0];
        string whyNot = $"{package.Path}: is not a network that tells classes of pictures apart: "
            + $"it has {Engine.Inputs.Count} inputs and gives {output.Type}[{output.Shape}]";
        bool isOfOnePicture = Engine.Inputs.Count == 1;
        return () => (isOfOnePicture ? TaskTable.Bind(name, facts) : null) ?? throw EdgeException.BadInput(whyNot);
    }
}
