using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Blocks;

/// <summary>
/// Takes a block's branch away and repairs nothing: what an ablation looks at. Before: y =
/// activation(branch(x) + shortcut(x)). After: y = activation(shortcut(x)).
/// </summary>
internal static class BlockBypass
{
    /// <summary>A copy of the graph without the branches; every other node and constant stays as it was.</summary>
    /// <param name="graph">The blocks were found in it.</param>
    /// <param name="blocks">Any of them.</param>
    public static Graph Apply(Graph graph, params IEnumerable<ResidualBlock> blocks)
    {
        var result = graph.Clone();
        foreach (var block in blocks)
        {
            int add = result.Nodes.FindIndex(n => n.Outputs.Contains(block.Add.Output));
            result.Nodes[add] = new Node(OpTypes.Identity, block.Add.Name, [block.ShortcutOutput], [block.Add.Output]);
        }

        new EliminateIdentity().Run(result);
        new EliminateDeadNodes().Run(result);
        return result;
    }
}
