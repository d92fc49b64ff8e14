using ResNetEdge.Engines;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>Runs a network up to some of its values and gives their activations.</summary>
internal sealed class ActivationTap : IDisposable
{
    private readonly IEngine _engine;
    private readonly Dictionary<string, (int Output, float[] Buffer)> _values = new(StringComparer.Ordinal);

    /// <summary>Loads the part of a network that the values need.</summary>
    /// <param name="graph">Float or QDQ; not changed.</param>
    /// <param name="values">Float values of rank 4 and batch 1.</param>
    /// <exception cref="EdgeException">Exit 5: no engine runs the graph.</exception>
    public ActivationTap(Graph graph, IEnumerable<string> values)
    {
        string[] names = [.. values.Distinct()];
        _engine = GraphEngine.LoadForCalibration(Calibrator.WithOutputs(graph, names), 1);
        for (int i = 0; i < names.Length; i++) _values.Add(names[i], (i, new float[_engine.Outputs[i].Shape.ElementCount]));
    }

    /// <summary>Runs a picture; maps given before hold its activations from now on.</summary>
    public void Run(PictureSet pictures, int picture)
    {
        pictures.Feed(_engine, picture);
        _engine.Run();
        foreach (var (output, buffer) in _values.Values) _engine.GetOutput<float>(output, buffer);
    }

    /// <summary>The activations of a value.</summary>
    public FeatureMap Map(string value)
    {
        var (output, buffer) = _values[value];
        var shape = _engine.Outputs[output].Shape;
        return new(buffer, shape[1], shape[2], shape[3]);
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}
