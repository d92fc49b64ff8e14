namespace ResNetEdge.Engines.OnnxRuntime;

/// <summary>Which provider runs a node of a session.</summary>
/// <param name="ExecutionProvider">As the library calls it.</param>
/// <param name="Node">Name of the node; may be empty.</param>
/// <param name="Operator">Its operator.</param>
internal sealed record OnnxRuntimeAssignment(string ExecutionProvider, string Node, string Operator)
{
    private const int MostNamed = 3;

    /// <summary>Which nodes a provider does not run; null when it runs all.</summary>
    public static string? Elsewhere(IReadOnlyList<OnnxRuntimeAssignment> all, string executionProvider)
    {
        var others = all.Where(a => a.ExecutionProvider != executionProvider).ToList();
        if (others.Count == 0) return null;
        string named = string.Join(", ", others.Take(MostNamed).Select(a => a.Node.Length == 0 ? a.Operator : $"'{a.Node}' ({a.Operator})"));
        return $"{others.Count} of {all.Count} nodes, {named}{(others.Count > MostNamed ? ", ..." : "")}";
    }
}
