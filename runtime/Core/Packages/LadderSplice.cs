using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Packages;

/// <summary>
/// Network and replacements → the network of one level. Before: ... → v → ..., and a ladder file that computes w from values of the network.
/// After: w under v's name in v's place, and what only v needed gone. A replacement may read values that another one replaces.
/// </summary>
/// <remarks>Both files come with the package and may be anything: whatever does not fit is refused by name, a cycle among it.</remarks>
internal static class LadderSplice
{
    /// <summary>Makes the graph of a level.</summary>
    /// <param name="network">The whole network; not changed.</param>
    /// <param name="replacements">The ladder's file; not changed.</param>
    /// <param name="rung">The level.</param>
    /// <param name="source">What messages call the package.</param>
    /// <exception cref="EdgeException">Exit 3: a value that is not there, shapes that differ, names that clash, or a cycle.</exception>
    public static Graph Apply(Graph network, Graph replacements, ManifestRung rung, string source)
    {
        if (network.Opset != replacements.Opset)
            throw Bad(source, $"is of operator set {replacements.Opset} where the network is of {network.Opset}");
        var values = ShapeInference.Infer(network);
        foreach (var input in replacements.Inputs) CheckFits(values, input, $"reads '{input.Name}'", source);

        var result = network.Clone();
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var splice in rung.Splices)
        {
            var output = replacements.Outputs.Find(o => o.Name == splice.With)
                ?? throw Bad(source, $"does not produce '{splice.With}', which a level needs");
            if (replacements.Nodes.TrueForAll(n => !n.Outputs.Contains(splice.With)))
                throw Bad(source, $"passes its input '{splice.With}' on without computing it");
            if (!renamed.TryAdd(splice.With, splice.Value)) throw Bad(source, $"uses '{splice.With}' to replace two values of one level");
            CheckFits(values, output with { Name = splice.Value }, $"replaces '{splice.Value}'", source);
            int producer = result.Nodes.FindIndex(n => n.Outputs.Contains(splice.Value));
            if (producer < 0 || result.Nodes[producer].Outputs.Count != 1)
                throw Bad(source, $"replaces '{splice.Value}', which no node of the network computes alone");
            result.Nodes.RemoveAt(producer);
        }

        Insert(result, replacements, renamed, values, source);
        var given = result.Initializers.Keys.Concat(result.Inputs.Select(i => i.Name)).ToHashSet(StringComparer.Ordinal);
        var sorted = TopologicalOrder.Sort(result.Nodes, given, new OnnxSource(source));
        result.Nodes.Clear();
        result.Nodes.AddRange(sorted);
        new EliminateDeadNodes().Run(result);
        var inferred = ShapeInference.Infer(result);
        for (int i = 0; i < result.Outputs.Count; i++) result.Outputs[i] = inferred[result.Outputs[i].Name];
        return result;
    }

    // Only what the level's replacements need: another level's may read what this one takes out.
    private static void Insert(
        Graph result, Graph replacements, Dictionary<string, string> renamed, Dictionary<string, TensorInfo> values, string source)
    {
        var inputs = replacements.Inputs.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        var needed = renamed.Keys.ToHashSet(StringComparer.Ordinal);
        var nodes = new List<Node>();
        foreach (var original in replacements.Nodes.AsEnumerable().Reverse().Where(n => n.Outputs.Exists(needed.Contains)))
        {
            needed.UnionWith(original.Inputs);
            var node = original.Clone();
            for (int i = 0; i < node.Outputs.Count; i++) node.Outputs[i] = NewName(node.Outputs[i]);
            for (int i = 0; i < node.Inputs.Count; i++) node.Inputs[i] = inputs.Contains(node.Inputs[i]) ? node.Inputs[i] : NewName(node.Inputs[i]);
            nodes.Add(node);
        }

        nodes.Reverse();
        result.Nodes.AddRange(nodes);
        foreach (var (name, constant) in replacements.Initializers.Where(c => needed.Contains(c.Key)))
        {
            if (!result.Initializers.TryAdd(NewName(name), constant)) throw Clash(name);
        }

        string NewName(string name) => renamed.TryGetValue(name, out string? value) ? value : !values.ContainsKey(name) ? name : throw Clash(name);

        EdgeException Clash(string name) => Bad(source, $"defines '{name}', a name that the network already uses");
    }

    private static void CheckFits(Dictionary<string, TensorInfo> values, TensorInfo wanted, string verb, string source)
    {
        if (!values.TryGetValue(wanted.Name, out var found)) throw Bad(source, $"{verb}, which the network does not have");
        if (wanted.Type != ElementType.Undefined && (found.Type, found.Shape) != (wanted.Type, wanted.Shape))
            throw Bad(source, $"{verb} as {wanted.Type}[{wanted.Shape}], which is {found.Type}[{found.Shape}] in the network");
    }

    private static EdgeException Bad(string source, string reason) =>
        EdgeException.BadInput($"{source}: the ladder does not fit the network: its file {reason}");
}
