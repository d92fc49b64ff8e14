using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Exporter.HalfPrecision;

/// <summary>Which nodes of a float network compute in float16, and which would but for what their values hold.</summary>
/// <param name="Nodes">Those that do.</param>
/// <param name="Kept">Those that stay in float32 although their operator would not, in the graph's order, with the reason.</param>
internal sealed record HalfChoice(IReadOnlySet<Node> Nodes, IReadOnlyList<(string Node, string Reason)> Kept)
{
    /// <summary>Values of a graph whose magnitudes decide.</summary>
    public static List<string> Observed(Graph graph)
    {
        var infos = ShapeInference.Infer(graph);
        return [.. graph.Nodes.Where(node => HalfOperators.Allow(node, graph)).SelectMany(static node => node.Inputs.Concat(node.Outputs))
            .Where(value => value.Length > 0 && graph.Constant(value) is null && infos[value].Type == ElementType.Float32
                && infos[value].Shape.ElementCount > 0).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Chooses by operator, by what the user keeps, and by what values hold.</summary>
    /// <param name="graph">Float graph, the passes done.</param>
    /// <param name="keep">Layers that the user keeps in float32.</param>
    /// <param name="magnitudes">The largest magnitude seen of each value of <see cref="Observed"/>.</param>
    public static HalfChoice Of(Graph graph, LayerNames keep, IReadOnlyDictionary<string, float> magnitudes)
    {
        var infos = ShapeInference.Infer(graph);
        var nodes = new HashSet<Node>();
        var kept = new List<(string, string)>();
        foreach (var node in graph.Nodes)
        {
            if (!HalfOperators.Allow(node, graph) || !node.Outputs.Exists(o => o.Length > 0 && infos[o].Type == ElementType.Float32)) continue;
            if (keep.Contains(node.Name)) kept.Add((node.Name, "as asked for"));
            else if (Misfit(node) is { } reason) kept.Add((node.Name, reason));
            else nodes.Add(node);
        }

        return new(Anchored(graph, nodes), kept);

        string? Misfit(Node node)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
                if (Reason(node.Inputs[i], graph.Constant(node.Inputs[i])) is { } reason && !IsBound(node, i)) return reason;
            return node.Outputs.Select(output => Reason(output, null)).FirstOrDefault(static reason => reason is not null);
        }

        // Beyond float16 a clamp's bound is infinity, which clamps nothing that float16 can hold.
        bool IsBound(Node node, int input) =>
            OperatorTable.TraitsOf(node).RoleOf(input) == InputRole.Setting && graph.Constant(node.Inputs[input]) is not null;

        string? Reason(string value, Tensor? constant) => value.Length > 0 && infos[value].Type == ElementType.Float32
            && HalfRange.Misfit(constant is null ? magnitudes.GetValueOrDefault(value) : HalfRange.MagnitudeOf(constant.As<float>())) is { } misfit
            ? $"'{value}' {misfit}" : null;
    }

    // Nodes that no layer in float16 is near would only be surrounded by conversions.
    private static HashSet<Node> Anchored(Graph graph, HashSet<Node> nodes)
    {
        var neighbours = new Dictionary<string, List<Node>>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            foreach (string value in node.Inputs.Concat(node.Outputs))
            {
                if (value.Length == 0 || graph.Constant(value) is not null) continue;
                if (!neighbours.TryGetValue(value, out var list)) neighbours[value] = list = [];
                list.Add(node);
            }
        }

        var reached = nodes.Where(HalfOperators.IsLayer).ToHashSet();
        var next = new Stack<Node>(reached);
        while (next.TryPop(out var node))
        {
            foreach (string value in node.Inputs.Concat(node.Outputs))
            {
                foreach (var other in neighbours.GetValueOrDefault(value) ?? [])
                    if (reached.Add(other)) next.Push(other);
            }
        }

        return reached;
    }
}
