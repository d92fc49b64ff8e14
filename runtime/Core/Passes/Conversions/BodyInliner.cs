using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Puts the nodes of a body (a branch of If, one round of Loop or Scan) into the graph around it, as if the file had them there, so that everything
/// behind the reader sees one graph without control flow.
/// </summary>
/// <param name="node">Whose body it is.</param>
/// <param name="body">Its inputs are given names for each copy; what it does not name itself are values of the graphs around it.</param>
/// <param name="opset">The operator set of the file.</param>
/// <param name="values">Gets the nodes.</param>
internal sealed class BodyInliner(Node node, Graph body, int opset, KnownValues values)
{
    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read =
        new([.. body.Nodes.SelectMany(TopologicalOrder.ValuesRead), .. body.Outputs.Select(static o => o.Name)], StringComparer.Ordinal);

    /// <summary>Puts in a copy.</summary>
    /// <param name="arguments">Values for the body's inputs.</param>
    /// <returns>The values that its outputs are, in order.</returns>
    /// <exception cref="EdgeException">Exit 3: another number of inputs, more nodes than a model may have, or a node that is refused.</exception>
    public string[] Copy(params IReadOnlyList<string> arguments)
    {
        if (arguments.Count != body.Inputs.Count)
            throw OperatorRules.Bad(node, $"its body has {body.Inputs.Count} inputs where {arguments.Count} are expected");
        values.Count(body.Nodes.Count + 1);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < arguments.Count; i++) names[body.Inputs[i].Name] = arguments[i];
        foreach (var (name, value) in body.Initializers)
        {
            if (!_constants.TryGetValue(name, out string? constant))
                _constants[name] = constant = values.AddConstant($"{node.Name}/{name}", value);
            names[name] = constant;
        }

        foreach (var inner in body.Nodes) NodeReading.Run(Renamed(inner, names), opset, values);

        return [.. body.Outputs.Select(output => names.GetValueOrDefault(output.Name, output.Name))];
    }

    private Node Renamed(Node inner, Dictionary<string, string> names)
    {
        var inputs = inner.Inputs.Select(name => names.GetValueOrDefault(name, name)).ToList();
        NodeReading.Trim(inner, opset, _read.Contains);
        foreach (string output in inner.Outputs)
            if (output.Length > 0) names[output] = values.Fresh($"{node.Name}/{output}");
        var copy = new Node(inner.OpType, values.Fresh($"{node.Name}/{inner.Name}"), inputs,
            inner.Outputs.Select(name => name.Length == 0 ? "" : names[name]))
        { Domain = inner.Domain, Attributes = inner.Attributes.Clone() };
        foreach (string name in copy.Attributes.Names.ToList())
            if (copy.Attributes[name] is Graph graph) copy.Attributes[name] = Renamed(graph, names);
        return copy;
    }

    // A body within: what it names itself keeps its name.
    private static Graph Renamed(Graph graph, Dictionary<string, string> names)
    {
        var copy = graph.Clone();
        var outer = new Dictionary<string, string>(names, StringComparer.Ordinal);
        foreach (string own in graph.Inputs.Select(i => i.Name).Concat(graph.Initializers.Keys).Concat(graph.Nodes.SelectMany(n => n.Outputs)))
            outer.Remove(own);
        foreach (var inner in copy.Nodes)
        {
            for (int i = 0; i < inner.Inputs.Count; i++) inner.Inputs[i] = outer.GetValueOrDefault(inner.Inputs[i], inner.Inputs[i]);
            foreach (string name in inner.Attributes.Names.ToList())
                if (inner.Attributes[name] is Graph within) inner.Attributes[name] = Renamed(within, outer);
        }

        for (int i = 0; i < copy.Outputs.Count; i++)
            copy.Outputs[i] = copy.Outputs[i] with { Name = outer.GetValueOrDefault(copy.Outputs[i].Name, copy.Outputs[i].Name) };
        return copy;
    }
}
