using ResNetEdge.Exporter.Blocks;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>Which blocks of a network one fitted convolution can stand in for, and why the others cannot.</summary>
internal sealed record HideableBlocks(IReadOnlyList<ResidualBlock> Blocks, IReadOnlyList<RefusedBlock> Refused)
{
    private const int Named = 5;

    /// <summary>Looks at a network.</summary>
    /// <exception cref="EdgeException">Exit 3: shapes cannot be inferred.</exception>
    public static HideableBlocks Of(Graph graph)
    {
        var found = ResidualBlockFinder.Find(graph);
        var judged = found.Blocks.Select(block => (block, Obstacle: Obstacle(block))).ToList();
        return new([.. judged.Where(b => b.Obstacle is null).Select(b => b.block)],
            [.. found.Refused, .. judged.Where(b => b.Obstacle is not null).Select(b => new RefusedBlock(b.block.Name, b.Obstacle!))]);
    }

    /// <summary>Checks that the named blocks can be hidden, or that any can.</summary>
    /// <param name="names">Asked for; may be empty.</param>
    /// <param name="package">Named in the refusal.</param>
    /// <exception cref="EdgeException">Exit 3: a name that is not a block's, or nothing to hide. Exit 2: a name twice.</exception>
    public void Require(IReadOnlyList<string> names, string package)
    {
        foreach (string name in names.Where(name => Blocks.All(b => b.Name != name)))
        {
            throw EdgeException.BadInput(Refused.FirstOrDefault(r => r.Name == name) is { } refused
                ? $"{package}: '{name}' cannot be hidden: it {refused.Reason}"
                : $"{package}: unknown residual block '{name}'; known blocks: {Some(Blocks.Select(b => b.Name))}");
        }

        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count)
            throw new EdgeException(FailureKind.Usage, "the same --block was given twice");
        if (Blocks.Count > 0) return;
        throw EdgeException.BadInput($"{package}: the network has no residual block that can be hidden"
            + (Refused.Count == 0 ? "" : $": {Some(Refused.Select(r => $"'{r.Name}' {r.Reason}"))}"));
    }

    private static string? Obstacle(ResidualBlock block)
    {
        Shape x = block.InputShape, y = block.OutputShape;
        if (x.Rank != 4 || y.Rank != 4 || x[0] != 1 || y[0] != 1) return $"turns {x} into {y}, and only pictures of batch 1 can be repaired";
        bool divides = x[2] % y[2] == 0 && x[3] % y[3] == 0 && x[2] / y[2] == x[3] / y[3];
        return divides ? null : $"turns {x} into {y}, which no convolution of equal strides does";
    }

    private static string Some(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(Named)) + (all.Count > Named ? $" and {all.Count - Named} more" : "");
    }
}
