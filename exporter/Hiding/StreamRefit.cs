using ResNetEdge.Exporter.Blocks;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>
/// Fits the convolutions behind the first hidden block again, one after the other in the network's order: each to give, from what it reads in the
/// shortened network, what the whole network had in its place. The last one of a branch makes up for what the shortcut brings wrong: its target is
/// the whole network's sum less the shortened network's shortcut. A ridge draws each to its trained weights, so that few pictures do not bend them.
/// </summary>
/// <remarks>The layer-wise reconstruction of He, Zhang and Sun, "Channel pruning for accelerating
/// very deep neural networks", arXiv:1707.06168 §3.2, for whole blocks.</remarks>
/// <param name="network">The whole network.</param>
/// <param name="blocks">In the network's order.</param>
/// <param name="changes">Writes convolutions into the network.</param>
/// <param name="pictures">To fit with.</param>
/// <param name="choices">How the repair is made.</param>
internal sealed class StreamRefit(Graph network, IReadOnlyList<ResidualBlock> blocks, ConvChanges changes, PictureSet pictures, HidingChoices choices)
{
    /// <summary>Refits what stands behind the first hidden block; hidden blocks stay as they are.</summary>
    /// <param name="state">At least one block is hidden.</param>
    /// <param name="stride">Takes every so many-th picture.</param>
    public HidingState Run(HidingState state, int stride)
    {
        int first = Enumerable.Range(0, blocks.Count).First(b => state.Hidden.Contains(blocks[b].Name));
        var whole = new ActivationStream(pictures, stride);
        var shortened = whole;
        foreach (var block in blocks.Skip(first + 1))
        {
            whole = whole.Advance(network, block.Input);
            shortened = shortened.Advance(state.Graph, block.Input);
            if (!state.Hidden.Contains(block.Name)) state = Refit(state, block, whole, shortened);
        }

        return state;
    }

    private HidingState Refit(HidingState state, ResidualBlock block, ActivationStream whole, ActivationStream shortened)
    {
        var convs = block.Branch.Where(n => n.OpType == OpTypes.Conv).ToList();
        string[] wanted = [.. convs.Select((conv, i) => i == convs.Count - 1 ? block.Add.Output : conv.Output)];
        using var targets = whole.Tap(network, wanted);
        for (int c = 0; c < convs.Count; c++)
        {
            if (changes.Weights(convs[c]) is not { } trained) continue;
            bool isLast = c == convs.Count - 1;
            var fit = new ConvFit(trained.Shape);
            using var inputs = shortened.Tap(state.Graph, isLast ? [convs[c].Inputs[0], block.ShortcutOutput] : [convs[c].Inputs[0]]);
            for (int i = 0; i < shortened.Count; i++)
            {
                targets.Run(i);
                inputs.Run(i);
                var target = targets.Map(wanted[c]);
                fit.Add(inputs.Map(convs[c].Inputs[0]), target, isLast ? inputs.Map(block.ShortcutOutput) : null,
                    SampledPixels.Of(target.Pixels, choices.PixelsPerPicture, i));
            }

            var changed = BlockHider.Changed(state, changes.Refit(convs[c], fit.Solve(choices.RefitRidge, trained)));
            state = state with { Graph = GraphChange.Apply(network, changed.Values), Changes = changed };
        }

        return state;
    }
}
