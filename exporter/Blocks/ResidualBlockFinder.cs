using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Exporter.Blocks;

/// <summary>
/// Finds residual blocks by their structure, in float and in QDQ graphs: a residual add, and back from it everything up to the value that both its
/// sides come from. Basic, bottleneck and pre-activation blocks, with identity, projection or parameter-free shortcuts.
/// </summary>
/// <remarks>
/// No block: an add whose inside is read from outside, that holds another residual add (the outer
/// skip of an hourglass), whose sides come from two inputs, or whose branch holds no convolution; nor
/// a Concat of a value with what was computed from it (DenseNet), which has nothing to fall back to.
/// </remarks>
internal sealed class ResidualBlockFinder
{
    private readonly Graph _graph;
    private readonly Dictionary<string, TensorInfo> _values;
    private readonly Dictionary<string, Node> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<Node, int> _order = [];
    private readonly ILookup<string, Node> _readers;
    private readonly HashSet<string> _outputs;
    private readonly DominatorTree _dominators;

    private ResidualBlockFinder(Graph graph)
    {
        _graph = graph;
        _values = ShapeInference.Infer(graph);
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            _order.Add(graph.Nodes[i], i);
            foreach (string output in graph.Nodes[i].Outputs) _producers[output] = graph.Nodes[i];
        }

        _readers = graph.Nodes.SelectMany(n => n.Inputs.Distinct().Select(input => (input, n)))
            .ToLookup(p => p.input, p => p.n, StringComparer.Ordinal);
        _outputs = graph.Outputs.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        _dominators = new DominatorTree(graph);
    }

    /// <summary>Finds all blocks.</summary>
    /// <param name="graph">Opset 17 semantics, the passes done; not changed.</param>
    /// <exception cref="EdgeException">Exit 3: shapes cannot be inferred.</exception>
    public static FoundBlocks Find(Graph graph) => new ResidualBlockFinder(graph).Find();

    private FoundBlocks Find()
    {
        var blocks = new List<ResidualBlock>();
        var refused = new List<RefusedBlock>();
        foreach (var join in _graph.Nodes.Where(n => IsResidualAdd(n) || IsConcatOfItsOwn(n)))
        {
            var (block, reason) =
                join.OpType == OpTypes.Concat ? (null, "joins with Concat, not Add: without its branch, channels would be missing") : Read(join);
            if (block is not null) blocks.Add(block);
            else refused.Add(new(join.Name, reason!));
        }

        return new(BlockNames.Assign(_graph, blocks), refused);
    }

    private bool IsResidualAdd(Node node) =>
        node.OpType == OpTypes.Add && node.Inputs.Count == 2 && node.Inputs[0] != node.Inputs[1] && node.Inputs.TrueForAll(_dominators.IsComputed)
            && _values[node.Inputs[0]].Shape == _values[node.Inputs[1]].Shape && _values[node.Output].Type == ElementType.Float32;

    private bool IsConcatOfItsOwn(Node node) =>
        node.OpType == OpTypes.Concat && node.Inputs.TrueForAll(_dominators.IsComputed) && _dominators.Of(node.Output) is { } start
            && node.Inputs.Exists(input => Bare(input) == Bare(start));

    private (ResidualBlock? Block, string? Reason) Read(Node add)
    {
        if (_dominators.Of(add.Output) is not { } entry) return (null, "adds values that come from two inputs of the network");
        var sides = new HashSet<Node>[2];
        for (int side = 0; side < 2; side++)
        {
            sides[side] = Between(entry, add.Inputs[side], out var inner);
            if (inner is not null) return (null, $"holds another residual add, '{inner.Name}'");
        }

        var (activation, output) = ActivationOf(add);
        var all = sides[0].Union(sides[1]).Append(add).ToHashSet();
        if (activation is not null) all.Add(activation);
        foreach (var node in all)
        {
            foreach (string value in node.Outputs.Where(v => v.Length > 0 && v != output))
            {
                if (_outputs.Contains(value)) return (null, $"produces '{value}', which is one of the network's outputs");
                if (_readers[value].FirstOrDefault(reader => !all.Contains(reader)) is { } stranger)
                    return (null, $"is used outside the block: '{stranger.Name}' reads '{value}'");
            }
        }

        int branch = BranchSide(add, entry, sides);
        if (!sides[branch].Any(IsWeighted)) return (null, "has no convolution on its branch");
        string input = Bare(entry);
        return (new()
        {
            Name = add.Name,
            Input = input,
            Entry = entry,
            Output = output,
            Add = add,
            Activation = activation,
            BranchOutput = add.Inputs[branch],
            ShortcutOutput = add.Inputs[1 - branch],
            Shortcut = IsEntry(add.Inputs[1 - branch], entry) ? ShortcutKind.Identity
                : sides[1 - branch].Any(IsWeighted) ? ShortcutKind.Projection
                : ShortcutKind.ParameterFree,
            Nodes = [.. all.OrderBy(n => _order[n])],
            Branch = [.. sides[branch].Except(sides[1 - branch]).OrderBy(n => _order[n])],
            InputShape = _values[input].Shape,
            OutputShape = _values[output].Shape,
        }, null);
    }

    // The nodes on all paths from the entry to a value; stops at the first residual add among them.
    private HashSet<Node> Between(string entry, string value, out Node? inner)
    {
        var found = new HashSet<Node>();
        var pending = new Stack<string>([value]);
        while (pending.TryPop(out string? at))
        {
            if (at == entry || !_dominators.IsComputed(at) || !found.Add(_producers[at])) continue;
            if (IsResidualAdd(_producers[at]))
            {
                inner = _producers[at];
                return found;
            }

            foreach (string input in _producers[at].Inputs) pending.Push(input);
        }

        inner = null;
        return found;
    }

    private (Node? Activation, string Output) ActivationOf(Node add) =>
        !_outputs.Contains(add.Output) && _readers[add.Output].ToList() is [var activation] && OperatorTable.TraitsOf(activation).IsClamp
        && activation.Inputs[0] == add.Output
            ? (activation, activation.Output) : (null, add.Output);

    // The side that is not the entry; of two that compute, the one with more convolutions, else the first, as torch code writes it.
    private int BranchSide(Node add, string entry, HashSet<Node>[] sides) =>
        IsEntry(add.Inputs[0], entry) ? 1 : IsEntry(add.Inputs[1], entry) ? 0 : sides[1].Count(IsWeighted) > sides[0].Count(IsWeighted) ? 1 : 0;

    private bool IsEntry(string value, string entry) => Bare(value) == Bare(entry);

    private static bool IsWeighted(Node node) => OperatorTable.TraitsOf(node).IsWeighted;

    // The float value that a value is the quantised form of, or itself. A value may have been quantised and dequantised once on its way.
    private string Bare(string value)
    {
        while (_producers.TryGetValue(value, out var node) && OperatorTable.TraitsOf(node).IsQuantization && _dominators.IsComputed(node.Inputs[0]))
            value = node.Inputs[0];
        return value;
    }
}
