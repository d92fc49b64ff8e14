using ResNetEdge.Model;
using ResNetEdge.Onnx.Proto;

namespace ResNetEdge.Onnx;

/// <summary>
/// Puts the bodies of a model's local functions in the places of their calls, so that everything behind the reader knows plain graphs only.
/// Values within a body are
/// renamed after the call; attributes given by reference take the call's value, or the function's default.
/// </summary>
/// <remarks>ONNX, docs/IR.md, "Functions". Calls may nest but not return to a function that is being expanded; what comes out is bounded.</remarks>
internal sealed class FunctionInliner
{
    /// <summary>Calls, their parameters and nodes that may come out.</summary>
    public const int MaxNodes = 200_000;

    /// <summary>Bytes of attributes that may come out.</summary>
    public const long MaxAttributeBytes = 256L << 20;

    private const int MaxDepth = 64;

    private readonly OnnxSource _source;
    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> _functions = [];
    private FreshNames _names = new([]);
    private readonly Stack<FunctionProto> _calls = new();
    private int _nodes;
    private long _attributeBytes;

    /// <summary>Takes the functions of a model.</summary>
    /// <exception cref="EdgeException">Exit 3: two of the same name, or one that is written for another operator set than the model.</exception>
    public FunctionInliner(OnnxSource source, IEnumerable<FunctionProto> functions, int opset)
    {
        _source = source;
        foreach (var function in functions)
        {
            if (!_functions.TryAdd((Domain(function.Domain), function.Name, function.Overload), function))
                throw source.Fail($"two functions are called '{function.Name}'");
            var own = function.OpsetImport.FirstOrDefault(o => Domain(o.Domain).Length == 0 && o.Version != opset);
            if (own is not null)
                throw source.Fail(
                    $"function '{function.Name}' is written for operator set {own.Version} and the model for {opset}; convert the model to one");
        }
    }

    /// <summary>Rewrites a graph in place; the graphs in its nodes' attributes too.</summary>
    /// <exception cref="EdgeException">Exit 3: a function that calls itself, a call that does not fit its function, or more nodes than
    /// allowed.</exception>
    public void Inline(GraphProto graph)
    {
        _names = new(NamesOf(graph));
        Expand(graph, FunctionScope.Outermost);
    }

    private void Expand(GraphProto graph, FunctionScope scope)
    {
        var expanded = new List<NodeProto>();
        foreach (var node in graph.Node) Expand(node, scope, expanded);
        graph.Node.Clear();
        graph.Node.AddRange(expanded);
    }

    private void Expand(NodeProto node, FunctionScope scope, List<NodeProto> expanded)
    {
        Count(node);
        var renamed = scope.Rename(node, Body);
        if (!_functions.TryGetValue((Domain(node.Domain), node.OpType, node.Overload), out var function)) expanded.Add(renamed);
        else ExpandCall(renamed, function, expanded);
    }

    private void ExpandCall(NodeProto call, FunctionProto function, List<NodeProto> expanded)
    {
        string what = $"the call '{call.Name}' of function '{function.Name}'";
        if (_calls.Contains(function))
            throw _source.Fail($"function '{function.Name}' calls itself ({string.Join(" in ", _calls.Reverse().Select(f => $"'{f.Name}'"))})");
        if (_calls.Count == MaxDepth) throw _source.Fail($"functions are nested more than {MaxDepth} deep");
        if (call.Input.Count > function.Input.Count || call.Output.Count > function.Output.Count)
            throw _source.Fail($"{what} has {call.Input.Count} inputs and {call.Output.Count} outputs where the function has "
                + $"{function.Input.Count} and {function.Output.Count}");
        var scope = FunctionScope.Of(call, function, name => _names.Of($"{(call.Name.Length > 0 ? call.Name : function.Name)}/{name}"), _source);
        _nodes += function.Input.Count + function.Output.Count + function.AttributeProto.Count; // a call costs that much even when its body is empty
        _calls.Push(function);
        foreach (var node in function.Node) Expand(node, scope, expanded);
        expanded.AddRange(scope.PassedThrough());
        _calls.Pop();
    }

    // The body of an If or Loop within a function or the graph.
    private GraphProto Body(GraphProto body, FunctionScope scope)
    {
        var copy = body.Clone();
        var inner = scope.Without(copy);
        Expand(copy, inner);
        foreach (var output in copy.Output) output.Name = inner.NameOf(output.Name);
        return copy;
    }

    private void Count(NodeProto node)
    {
        if (++_nodes > MaxNodes) throw _source.Fail($"its functions expand to more than {MaxNodes:N0} nodes");
        if (_calls.Count == 0) return;
        foreach (var attribute in node.Attribute) _attributeBytes += attribute.CalculateSize();
        if (_attributeBytes > MaxAttributeBytes) throw _source.Fail($"its functions expand to more than {MaxAttributeBytes >> 20} MiB of attributes");
    }

    // Those of graphs within are taken too: what they call their own must not be meant by accident.
    private static IEnumerable<string> NamesOf(GraphProto graph) =>
    [
        .. graph.Input.Select(i => i.Name), .. graph.Output.Select(o => o.Name), .. graph.Initializer.Select(i => i.Name),
        .. graph.Node.SelectMany(n => n.Input.Concat(n.Output)),
        .. graph.Node.SelectMany(n => n.Attribute).Where(a => a.G is not null).SelectMany(a => NamesOf(a.G)),
    ];

    private static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;
}
