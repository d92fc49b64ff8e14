using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>
/// Shortened networks → a ladder: one ONNX file that holds every replacement of every level, and the manifest's list of what takes the place of what.
/// A replacement that several levels share is written once.
/// </summary>
internal sealed class LadderBuilder
{
    private readonly Graph _network;
    private readonly Dictionary<string, TensorInfo> _values;
    private readonly Dictionary<GraphChange, string> _written = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _inputs = new(StringComparer.Ordinal);

    /// <summary>Begins a ladder of a network.</summary>
    public LadderBuilder(Graph network)
    {
        (_network, _values) = (network, ShapeInference.Infer(network));
        Graph = new Graph { Name = "ladder", Opset = network.Opset };
    }

    /// <summary>The file so far.</summary>
    public Graph Graph { get; }

    /// <summary>Adds a level.</summary>
    /// <param name="state">The network at that level.</param>
    /// <param name="level">From 1.</param>
    /// <returns>What takes the place of what.</returns>
    public IReadOnlyList<ManifestSplice> Add(HidingState state, int level)
    {
        // Blocks nest in no other, so what a hidden block would have refitted inside is gone with it.
        var alive = state.Graph.Nodes.SelectMany(n => n.Outputs).ToHashSet(StringComparer.Ordinal);
        var splices = new List<ManifestSplice>();
        foreach (var change in state.Changes.Values.Where(c => alive.Contains(c.Value)))
        {
            if (!_written.TryGetValue(change, out string? with)) _written.Add(change, with = Write(change, state.Graph, $"@{level}"));
            splices.Add(new(change.Value, with));
        }

        return splices;
    }

    private string Write(GraphChange change, Graph shortened, string suffix)
    {
        var own = change.Nodes.SelectMany(n => n.Outputs).Concat(change.Constants.Keys).ToHashSet(StringComparer.Ordinal);
        foreach (var original in change.Nodes)
        {
            var node = new Node(original.OpType, original.Name + suffix, original.Inputs.Select(Name), original.Outputs.Select(Name))
            {
                Attributes = original.Attributes.Clone(),
            };
            Graph.Nodes.Add(node);
            Graph.Halves.UnionWith(original.Outputs.Where(shortened.Halves.Contains).Select(Name));
        }

        foreach (var (name, value) in change.Constants) Graph.Initializers.Add(name + suffix, value);
        string with = change.Value + suffix;
        Graph.Outputs.Add(_values[change.Value] with { Name = with });
        return with;

        string Name(string value)
        {
            if (value.Length == 0) return value;
            if (own.Contains(value)) return value + suffix;
            if (_network.Constant(value) is { } constant)
            {
                Graph.Initializers[value + suffix] = constant; // so that the file stands for itself
                if (_network.Halves.Contains(value)) Graph.Halves.Add(value + suffix);
                return value + suffix;
            }

            if (_inputs.Add(value)) Graph.Inputs.Add(_values[value]);
            if (_network.Halves.Contains(value)) Graph.Halves.Add(value);
            return value;
        }
    }
}
