using ResNetEdge.Engines;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>Runs a network, or a part of it, and gives the activations at its outputs.</summary>
internal sealed class ActivationTap : IDisposable
{
    private const string Observed = "_observed"; // ends the name under which an input is given out as an output

    private readonly IEngine _engine;
    private readonly Action<IEngine, int> _feed;
    private readonly Dictionary<string, (int Output, float[] Buffer)> _values = new(StringComparer.Ordinal);

    /// <summary>Loads an engine that gives the activations.</summary>
    /// <param name="graph">Its outputs are what is wanted; float, batch 1.</param>
    /// <param name="feed">Writes picture number i into the engine's input.</param>
    /// <exception cref="EdgeException">Exit 5: no engine runs the graph.</exception>
    public ActivationTap(Graph graph, Action<IEngine, int> feed)
    {
        _feed = feed;
        _engine = GraphEngine.LoadForCalibration(graph, 1);
        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            string name = graph.Outputs[i].Name;
            bool isInput = name.EndsWith(Observed, StringComparison.Ordinal) && graph.Inputs.Exists(input => input.Name + Observed == name);
            _values.Add(isInput ? name[..^Observed.Length] : name, (i, new float[_engine.Outputs[i].Shape.ElementCount]));
        }
    }

    /// <summary>Runs a picture; maps given before hold its activations from now on.</summary>
    /// <param name="picture">Its number, as the feed knows it.</param>
    public void Run(int picture)
    {
        _feed(_engine, picture);
        _engine.Run();
        foreach (var (output, buffer) in _values.Values) _engine.GetOutput<float>(output, buffer);
    }

    /// <summary>The activations of a value, of the last picture that was run.</summary>
    public FeatureMap Map(string value)
    {
        var (output, buffer) = _values[value];
        var shape = _engine.Outputs[output].Shape;
        return shape.Rank == 4 ? new(buffer, shape[1], shape[2], shape[3]) : new(buffer, shape.ElementCount, 1, 1);
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}
