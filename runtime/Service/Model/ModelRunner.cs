using System.Diagnostics;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Engines;
using ResNetEdge.Packages;
using ResNetEdge.Preprocess;
using ResNetEdge.Tasks;

namespace ResNetEdge.Service.Model;

/// <summary>One level of a package on an engine, ready to be given frames. For one thread; a frame allocates nothing.</summary>
internal sealed class ModelRunner : IDisposable
{
    private readonly FrameInput _frames;
    private readonly InputBuffer _input;

    /// <summary>Loads a level.</summary>
    /// <exception cref="EdgeException">Exit 3: not a network of one picture whose task is known, or it cannot be used. Exit 4: not the file that the
    /// manifest describes. Exit 5: the engine cannot be had.</exception>
    public ModelRunner(Package package, int level, string engine, EngineOptions options)
    {
        Level = level;
        Labels = package.Labels ?? [];
        var model = package.ModelAt(level);
        Network = EngineTable.Load(engine, model, options).Engine;
        Engine = StatefulEngine.Over(Network, package.StatesOr([]));
        try
        {
            Task = TaskOf(package, model);
            var spec = package.Manifest?.Preprocess?.ToSpec()
                ?? throw EdgeException.BadInput($"{package.Path}: does not describe its preprocessing; a service needs a package that does");
            _input = Engine.ImageInput(0);
            _frames = new FrameInput(spec, _input);
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

    private ModelTask TaskOf(Package package, ModelSource model)
    {
        var task = Engine.Inputs.Count == 1
            ? TaskTable.Bind(package.Manifest?.Task, new TaskModel(package.Path, Engine.Outputs, Labels, model.EndsInSoftmax, FrameResult.MostNamed))
            : null;
        var output = Engine.Outputs[0];
        return task ?? throw EdgeException.BadInput($"{package.Path}: is not a network that tells classes of pictures apart: "
            + $"it has {Engine.Inputs.Count} inputs and gives {output.Type}[{output.Shape}]");
    }
}
