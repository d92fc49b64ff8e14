using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Blocks;

/// <summary>
/// For each computed value of a graph the last value that everything it depends on runs through: its immediate dominator, seen from the graph's
/// inputs. Values that depend on no input are constants and have none.
/// </summary>
/// <remarks>A graph is sorted and has no cycle, so one pass in order is enough: Cooper, Harvey and
/// Kennedy, "A simple, fast dominance algorithm" (2001).</remarks>
internal sealed class DominatorTree
{
    private const string Root = ""; // stands before all inputs

    private readonly Dictionary<string, (string Dominator, int Depth)> _tree = new(StringComparer.Ordinal) { [Root] = (Root, 0) };

    /// <summary>Computes the tree.</summary>
    public DominatorTree(Graph graph)
    {
        foreach (var input in graph.Inputs) _tree[input.Name] = (Root, 1);
        foreach (var node in graph.Nodes)
        {
            string? common = null;
            foreach (string input in node.Inputs.Where(IsComputed)) common = common is null ? input : Common(common, input);
            if (common is null) continue;
            foreach (string output in node.Outputs.Where(o => o.Length > 0)) _tree[output] = (common, _tree[common].Depth + 1);
        }
    }

    /// <summary>Whether a value depends on an input of the graph, or is one.</summary>
    public bool IsComputed(string value) => value.Length > 0 && _tree.ContainsKey(value);

    /// <summary>
    /// The value that all paths to a computed value run through, the nearest to it; null when there is none, as where two inputs meet.
    /// </summary>
    public string? Of(string value) => _tree[value].Dominator is { Length: > 0 } dominator ? dominator : null;

    private string Common(string a, string b)
    {
        while (a != b)
        {
            if (_tree[a].Depth >= _tree[b].Depth) a = _tree[a].Dominator;
            else b = _tree[b].Dominator;
        }

        return a;
    }
}
