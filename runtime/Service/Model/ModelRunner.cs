using System.Diagnostics;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Preprocess;
using ResNetEdge.Results;

namespace ResNetEdge.Service.Model;

/// <summary>One level of a package on an engine, ready to be given frames. For one thread; a frame allocates nothing.</summary>
internal sealed class ModelRunner : IDisposable
{
    private readonly FrameInput _frames;
    private readonly InputBuffer _input;
    private readonly IReadOnlyList<string> _labels;
    private readonly float[] _output; // [classes]
    private readonly int[] _order; // [top]
    private readonly bool _givesProbabilities;

    /// <summary>Loads a level.</summary>
    /// <exception cref="EdgeException">Exit 3: no classifier of pictures, or it cannot be used. Exit 4: not the file that the manifest describes. Exit 5: the engine cannot be had.</exception>
    public ModelRunner(Package package, int level, string engine, EngineOptions options)
    {
        Level = level;
        _labels = package.Labels ?? [];
        var model = package.ModelAt(level);
        Engine = EngineTable.Load(engine, model, options).Engine;
        try
        {
            _givesProbabilities = model.EndsInSoftmax;
            var output = Engine.Outputs[0];
            if (Engine.Inputs.Count != 1 || output.Type != ElementType.Float32 || output.Shape.ElementCount < 2 || output.Shape.Dimensions.ToArray().Count(d => d != 1) != 1)
                throw EdgeException.BadInput($"{package.Path}: is not an image classifier: it has {Engine.Inputs.Count} inputs and produces {output.Type}[{output.Shape}]");
            var spec = package.Manifest?.Preprocess?.ToSpec() ?? throw EdgeException.BadInput($"{package.Path}: does not describe its preprocessing; a service needs a package that does");
            _input = Engine.ImageInput(0);
            _frames = new FrameInput(spec, _input);
            _output = new float[output.Shape.ElementCount];
            _order = new int[Math.Min(FrameResult.MostTop, _output.Length)];
        }
        catch
        {
            Engine.Dispose();
            throw;
        }
    }

    /// <summary>Of the package's ladder.</summary>
    public int Level { get; }

    /// <summary>Classes of the network.</summary>
    public int Classes => _output.Length;

    /// <summary>One a class, or empty.</summary>
    public IReadOnlyList<string> Labels => _labels;

    /// <summary>Loaded.</summary>
    public IEngine Engine { get; }

    /// <summary>Runs one frame.</summary>
    /// <param name="frame">Not released here.</param>
    /// <param name="result">Receives probabilities, top classes and durations.</param>
    /// <param name="whyNot">When the frame cannot be used: damaged.</param>
    /// <returns>False when the frame cannot be used.</returns>
    public bool TryRun(in Frame frame, FrameResult result, out string? whyNot)
    {
        long start = Stopwatch.GetTimestamp();
        if (!_frames.TryWrite(frame, _input, out whyNot)) return false;
        result.Preprocess = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        Engine.Run();
        Engine.GetOutput<float>(0, _output);
        if (_givesProbabilities) _output.CopyTo(result.Probabilities, 0);
        else Softmax.Apply(_output, result.Probabilities);
        TopK.Find(result.Probabilities, _order);
        for (int k = 0; k < _order.Length; k++)
        {
            int index = _order[k];
            result.Top[k] = new Classification(index, index < _labels.Count ? _labels[index] : null, result.Probabilities[index]);
        }

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
}
