using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Plans;

/// <summary>
/// Finds the functions of one quantised value that a network has written out: DQ → Sigmoid → Mul(DQ) → Q is SiLU. Only 256 numbers go in, so a
/// table computes the whole, whatever operators it is made of.
/// </summary>
internal sealed class FunctionChains
{
    // GELU by tanh has nine.
    private const int MostNodes = 32;

    private readonly GraphIndex _index;
    private readonly QuantizedViews _views;
    private readonly Dictionary<Node, FunctionChain> _byLast = [];
    private readonly HashSet<Node> _members = [];
    private readonly HashSet<Node> _inner = [];

    /// <summary>Finds all of a graph.</summary>
    public FunctionChains(GraphIndex index, QuantizedViews views)
    {
        (_index, _views) = (index, views);
        // Backwards, so that a node knows which of its readers take their tables from its source and not from it.
        foreach (var node in Enumerable.Reverse(index.Graph.Nodes))
        {
            if (node.Outputs.Count != 1 || index.IsOutput(node.Output)) continue;
            var readers = index.Consumers(node.Output).Where(reader => !IsComputed(reader)).ToList();
            if (readers.Count == 0 && _members.Contains(node)) _inner.Add(node);
            else if (Common(readers) is { } result && Find(node, result) is { } chain) Add(node, chain);
        }
    }

    /// <summary>The chain whose result a node makes, or null.</summary>
    public FunctionChain? EndingWith(Node node) => _byLast.GetValueOrDefault(node);

    /// <summary>Whether nobody needs what a node makes but the chains that it belongs to.</summary>
    public bool IsInside(Node node) => _inner.Contains(node);

    /// <summary>The result for every value of the source, computed by the operators' references.</summary>
    public byte[] Tabulate(FunctionChain chain)
    {
        string last = chain.Nodes[^1].Output;
        var shape = new Shape([.. Enumerable.Repeat(1, Math.Max(1, _index.Info(last).Shape.Rank) - 1), QuantizedView.Count]);
        var graph = new Graph { IsConverted = true };
        graph.Outputs.Add(new(last, ElementType.Float32, shape));
        foreach (var node in chain.Nodes)
        {
            graph.Add(node.Clone());
            foreach (string input in node.Inputs)
            {
                if (_index.Constant(input) is { } constant) graph.Initializers[input] = constant;
                else if (IsSource(input, chain.Source) && !graph.Inputs.Exists(i => i.Name == input))
                    graph.Inputs.Add(new(input, ElementType.Float32, shape));
            }
        }

        using var run = new ReferenceRun(graph);
        foreach (var input in graph.Inputs)
            for (int q = 0; q < QuantizedView.Count; q++) run[input.Name].As<float>()[q] = chain.Source.Dequantize((byte)q);
        run.Evaluate();
        byte[] table = new byte[QuantizedView.Count];
        for (int q = 0; q < table.Length; q++) table[q] = chain.Result.Quantize(run[last].As<float>()[q]);
        return table;
    }

    private void Add(Node node, FunctionChain chain)
    {
        _byLast.Add(node, chain);
        _members.UnionWith(chain.Nodes);
    }

    // The form that all of them want; null when one wants another, or the float itself.
    private QuantizedView? Common(List<Node> readers)
    {
        QuantizedView? common = null;
        foreach (var reader in readers)
        {
            if (_views.QuantizationOf(reader) is not { } view || (common is not null && !common.Fits(view))) return null;
            common ??= view;
        }

        return common;
    }

    private bool IsComputed(Node reader) => _byLast.ContainsKey(reader) || _inner.Contains(reader);

    private FunctionChain? Find(Node last, QuantizedView result)
    {
        QuantizedView? source = null;
        var nodes = new List<Node>();
        return Collect(last, _index.Info(last.Output).Shape, nodes, ref source) && source is not null ? new(nodes, source, result) : null;
    }

    private bool Collect(Node node, Shape shape, List<Node> nodes, ref QuantizedView? source)
    {
        if (nodes.Contains(node)) return true;
        if (nodes.Count == MostNodes || node.Outputs.Count != 1 || !OperatorTable.TraitsOf(node).IsPerElement) return false;
        if (_index.Info(node.Output) is not { Type: ElementType.Float32 } made || made.Shape != shape) return false;
        foreach (string input in node.Inputs.Where(static i => i.Length > 0))
        {
            if (_index.Constant(input) is { Shape.ElementCount: 1 }) continue;
            if (_index.Info(input).Shape != shape) return false;
            if (_views.Of(input) is { } view)
            {
                if (source is not null && !IsSource(input, source)) return false;
                source = view;
            }
            else if (_index.Producer(input) is not { } maker || !Collect(maker, shape, nodes, ref source))
            {
                return false;
            }
        }

        nodes.Add(node);
        return true;
    }

    // Each reader may have a DequantizeLinear of its own.
    private bool IsSource(string value, QuantizedView source) =>
        _views.Of(value) is { } view && view.Name == source.Name && view.Fits(source);
}
