using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Exporter.Blocks;

/// <summary>
/// What people call a block: what the names of its branch's nodes, or else of their weights, have in
/// common. <c>layer2.3.conv1</c>, <c>layer2.3.add</c> → <c>layer2.3</c>; <c>/layer2/layer2.3/conv1/Conv</c>
/// → <c>layer2.3</c>. A block whose name would be empty, or another's too, is called after its Add.
/// </summary>
internal static class BlockNames
{
    private static readonly char[] Separators = ['.', '/'];

    /// <summary>The same blocks under their names.</summary>
    public static IReadOnlyList<ResidualBlock> Assign(Graph graph, IReadOnlyList<ResidualBlock> blocks)
    {
        string[] names =
        [
            .. blocks.Select(
                b => Name(b, b.Branch.Where(static n => !OperatorTable.TraitsOf(n).IsQuantization).Select(n => n.Name).Append(b.Add.Name))),
        ];
        string[] weights = [.. blocks.Select(b => Name(b, b.Branch.Where(n => n.OpType == OpTypes.Conv).Select(n => WeightsOf(graph, n))))];
        var best = Distinct(names) ? names : Distinct(weights) ? weights : names;
        var count = best.GroupBy(n => n, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var adds = blocks.Select(b => b.Add.Name).ToHashSet(StringComparer.Ordinal);
        return [.. blocks.Select(
            (block, i) => block with { Name = best[i].Length == 0 || count[best[i]] > 1 || adds.Contains(best[i]) ? block.Add.Name : best[i] })];
    }

    private static bool Distinct(string[] names) => names.All(n => n.Length > 0) && names.Distinct(StringComparer.Ordinal).Count() == names.Length;

    // In a QDQ graph they lie behind a DequantizeLinear.
    private static string WeightsOf(Graph graph, Node conv) => graph.Initializers.ContainsKey(conv.Input(1)) ? conv.Input(1)
        : graph.Nodes.Find(n => n.Outputs.Contains(conv.Input(1)))?.Input(0) ?? "";

    private static string Name(ResidualBlock block, IEnumerable<string> names)
    {
        string[] parts = [.. names];
        if (parts.Length < 2) return ""; // of one name nobody can tell which part is the block's
        string? common = null;
        foreach (string part in parts)
        {
            if (common is null)
            {
                common = part;
                continue;
            }

            int same = 0;
            while (same < common.Length && same < part.Length && common[same] == part[same]) same++;
            common = common[..same];
        }

        // Up to the last separator, so that "layer2.1" is not called after what "conv1" and "conv2" have in common; then the last folder of a path.
        int end = common is null || common == block.Add.Name ? -1 : common.LastIndexOfAny(Separators);
        return end < 0 ? "" : common![..end].Split('/')[^1];
    }
}
