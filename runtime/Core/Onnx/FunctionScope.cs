using ResNetEdge.Model;
using ResNetEdge.Onnx.Proto;

namespace ResNetEdge.Onnx;

/// <summary>What the names in a function's body mean at one call: values, and attributes given by reference.</summary>
internal sealed class FunctionScope
{
    private readonly Dictionary<string, string>? _values; // null outside of functions, where names stay
    private readonly Dictionary<string, AttributeProto> _attributes;
    private readonly List<(string From, string To)> _passedThrough = [];
    private readonly FunctionScope? _outer; // of a graph within the body
    private readonly HashSet<string> _own = []; // what that graph names itself

    private FunctionScope(Dictionary<string, string>? values, Dictionary<string, AttributeProto> attributes) =>
        (_values, _attributes) = (values, attributes);

    private FunctionScope(FunctionScope outer, IEnumerable<string> own) : this(outer._values, outer._attributes) =>
        (_outer, _own) = (outer, new(own, StringComparer.Ordinal));

    /// <summary>The model's own graph.</summary>
    public static FunctionScope Outermost { get; } = new((Dictionary<string, string>?)null, []);

    /// <summary>The scope of one call.</summary>
    /// <param name="call">With the names of its caller.</param>
    /// <param name="function">What it calls.</param>
    /// <param name="fresh">Makes a name for a value within.</param>
    /// <param name="source">For messages.</param>
    /// <exception cref="EdgeException">Exit 3: an attribute that the function does not have, a value written twice, or one that nothing
    /// produces.</exception>
    public static FunctionScope Of(NodeProto call, FunctionProto function, Func<string, string> fresh, OnnxSource source)
    {
        var attributes = new Dictionary<string, AttributeProto>(StringComparer.Ordinal);
        foreach (var preset in function.AttributeProto)
            if (!attributes.TryAdd(preset.Name, preset)) throw source.Fail($"function '{function.Name}' has two attributes called '{preset.Name}'");
        foreach (var given in call.Attribute)
        {
            if (!attributes.ContainsKey(given.Name) && !function.Attribute.Contains(given.Name))
                throw source.Fail($"the call '{call.Name}' sets attribute '{given.Name}', which function '{function.Name}' does not have");
            attributes[given.Name] = given;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal) { [""] = "" };
        for (int i = 0; i < function.Input.Count; i++)
            if (!values.TryAdd(function.Input[i], i < call.Input.Count ? call.Input[i] : ""))
                throw source.Fail($"function '{function.Name}' has two inputs called '{function.Input[i]}'");
        var scope = new FunctionScope(values, attributes);
        for (int i = 0; i < call.Output.Count; i++)
        {
            // An output that is an input too, or an output twice, needs a node of its own.
            if (call.Output[i].Length > 0 && !values.TryAdd(function.Output[i], call.Output[i]))
                scope._passedThrough.Add((values[function.Output[i]], call.Output[i]));
        }

        var written = new HashSet<string>(function.Input, StringComparer.Ordinal);
        foreach (string name in function.Node.SelectMany(n => n.Output).Where(o => o.Length > 0))
        {
            if (!written.Add(name)) throw source.Fail($"function '{function.Name}' writes '{name}' twice, or writes its input");
            if (!values.ContainsKey(name)) values[name] = fresh(name);
        }

        string? unknown = function.Node.SelectMany(n => n.Input).Concat(function.Output)
            .FirstOrDefault(name => name.Length > 0 && !written.Contains(name));
        return unknown is null ? scope : throw source.Fail($"function '{function.Name}' reads '{unknown}', which nothing in it produces");
    }

    /// <summary>The scope within a graph that the body holds: what that graph names itself keeps its name.</summary>
    public FunctionScope Without(GraphProto body) => _values is null
        ? this
        : new(this, [
            .. body.Node.SelectMany(n => n.Output).Where(o => o.Length > 0), .. body.Input.Select(i => i.Name),
            .. body.Initializer.Select(i => i.Name)]);

    /// <summary>What a value is called at the call.</summary>
    public string NameOf(string value) => _values is null || _own.Contains(value)
        ? value
        : _outer is not null ? _outer.NameOf(value) : _values.GetValueOrDefault(value, value);

    /// <summary>A copy of a node of the body as it stands at the call; attributes are shared where they stay as they are.</summary>
    /// <param name="node">Of the body.</param>
    /// <param name="renameBody">Makes the copy of a graph within.</param>
    public NodeProto Rename(NodeProto node, Func<GraphProto, FunctionScope, GraphProto> renameBody)
    {
        var copy = new NodeProto { Name = node.Name, OpType = node.OpType, Domain = node.Domain, Overload = node.Overload };
        copy.Input.AddRange(node.Input.Select(NameOf));
        copy.Output.AddRange(node.Output.Select(NameOf));
        foreach (var attribute in node.Attribute)
        {
            // A reference to what neither the call nor the function gives is an attribute left out.
            var found = _values is null || attribute.RefAttrName.Length == 0 ? attribute : _attributes.GetValueOrDefault(attribute.RefAttrName);
            if (found is null) continue;
            if (found == attribute && found.G is { } body) found = new AttributeProto(found) { G = renameBody(body, this) };
            // Its graph has the caller's names already.
            else if (found.Name != attribute.Name) found = new AttributeProto(found) { Name = attribute.Name };
            copy.Attribute.Add(found);
        }

        return copy;
    }

    /// <summary>Nodes for outputs that are an input, or another output, of the function.</summary>
    public IEnumerable<NodeProto> PassedThrough() => _passedThrough.Select(static pair =>
    {
        var identity = new NodeProto { OpType = OpTypes.Identity, Name = $"{pair.To}/passed" };
        identity.Input.Add(pair.From);
        identity.Output.Add(pair.To);
        return identity;
    });
}
