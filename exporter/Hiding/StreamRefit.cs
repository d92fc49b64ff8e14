using ResNetEdge.Exporter.Blocks;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>
/// Fits the convolutions behind the first hidden block again, one after the other in the network's order: each to give, from what it reads in the shortened
/// network, what the whole network had in its place. The last one of a branch makes up for what the shortcut brings wrong: its target is the whole network's sum
/// less the shortened network's shortcut. A ridge draws each to its trained weights, so that few pictures do not bend them.
/// </summary>
/// <param name="network">The whole network.</param>
/// <param name="blocks">In the network's order.</param>
/// <param name="changes">Writes convolutions into the network.</param>
/// <param name="pictures">To fit with.</param>
/// <param name="choices">How.</param>
internal sealed class StreamRefit(Graph network, IReadOnlyList<ResidualBlock> blocks, ConvChanges changes, PictureSet pictures, HidingChoices choices)
{
    /// <summary>Refits what stands behind the first hidden block; hidden blocks stay as they are.</summary>
    /// <param name="state">At least one block is hidden.</param>
    /// <param name="stride">Takes every so many-th picture.</param>
    public HidingState Run(HidingState state, int stride)
    {
        int first = Enumerable.Range(0, blocks.Count).First(b => state.Hidden.Contains(blocks[b].Name));
        foreach (var block in blocks.Skip(first + 1).Where(b => !state.Hidden.Contains(b.Name)))
        {
            var convs = block.Branch.Where(n => n.OpType == "Conv").ToList();
            foreach (var conv in convs) state = Refit(state, block, conv, conv == convs[^1], stride);
        }

        return state;
    }

    private HidingState Refit(HidingState state, ResidualBlock block, Node conv, bool isLast, int stride)
    {
        if (changes.Weights(conv) is not { } trained) return state;
        string wanted = isLast ? block.Add.Output : conv.Output;
        using var whole = new ActivationTap(network, [wanted]);
        using var shortened = new ActivationTap(state.Graph, isLast ? [conv.Inputs[0], block.ShortcutOutput] : [conv.Inputs[0]]);
        var fit = new ConvFit(trained.Shape);
        for (int i = 0; i < pictures.Count; i += stride)
        {
            whole.Run(pictures, i);
            shortened.Run(pictures, i);
            var target = whole.Map(wanted);
            fit.Add(shortened.Map(conv.Inputs[0]), target, isLast ? shortened.Map(block.ShortcutOutput) : null, SampledPixels.Of(target.Pixels, choices.PixelsPerPicture, i));
        }

        var changed = BlockHider.Changed(state, changes.Refit(conv, fit.Solve(choices.RefitRidge, trained)));
        return state with { Graph = GraphChange.Apply(network, changed.Values), Changes = changed };
    }
}
