using ResNetEdge.Cli.Reports;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Results;

namespace ResNetEdge.Cli.Inputs;

/// <summary>The most probable classes of what an engine just ran.</summary>
internal sealed class TopClasses
{
    private readonly IEngine _engine;
    private readonly IReadOnlyList<string> _labels;
    private readonly bool _givesProbabilities;
    private readonly int _top;
    private readonly float[]? _output; // [classes], null for a network that does not classify

    /// <summary>Prepares to read the most probable classes from a model's output.</summary>
    /// <param name="model">Loaded; stays the caller's.</param>
    /// <param name="top">How many at most.</param>
    public TopClasses(LoadedModel model, int top)
    {
        (_engine, _labels, _givesProbabilities, _top) = (model.Engine, model.Labels, model.GivesProbabilities, top);
        var output = _engine.Outputs[0];
        bool classifies = output.Type == ElementType.Float32 && output.Shape.Rank > 0 && output.Shape.ElementCount > 1 && output.Shape.Dimensions.ToArray().Count(d => d != 1) == 1;
        _output = classifies ? new float[output.Shape.ElementCount] : null;
    }

    /// <summary>Best first; empty for a network that does not classify.</summary>
    public RankedClass[] Read()
    {
        if (_output == null) return [];
        _engine.GetOutput<float>(0, _output);
        return [.. Classification.Top(_output, _givesProbabilities, _labels, _top).Select(c => new RankedClass(c.Index, c.Label, c.Probability))];
    }
}
