using ResNetEdge.Exporter.Blocks;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Metrics;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>
/// Hides residual blocks one after the other: tries each that is left, repaired, and takes the one after which the network's answers have moved least
/// for the multiply-accumulates that it saves. Never by magnitude, and without labels.
/// </summary>
/// <remarks>
/// That single blocks can be left out: Veit et al., arXiv:1605.06431. The repair is closed-form. The block becomes one convolution fitted to what the
/// whole network had behind the block, on inputs as the shortened network gives them; then the convolutions of the later blocks are fitted again in
/// the same way (<see cref="StreamRefit"/>), so that the shortened network's stream meets the whole one's.
/// </remarks>
internal sealed class BlockHider
{
    private readonly Graph _network;
    private readonly IReadOnlyList<ResidualBlock> _blocks;
    private readonly PictureSet _pictures;
    private readonly HidingChoices _choices;
    private readonly AnswerDivergence _divergence;
    private readonly ConvChanges _changes;
    private readonly StreamRefit _refit;
    private List<string> _ranking = []; // blocks by what they cost when they were last tried, least first; empty before the first step

    /// <summary>Prepares a network for hiding its blocks.</summary>
    /// <param name="network">The whole network, float or QDQ; not changed.</param>
    /// <param name="blocks">That may be hidden.</param>
    /// <param name="pictures">To choose and to fit with.</param>
    /// <param name="choices">How to repair.</param>
    public BlockHider(Graph network, IReadOnlyList<ResidualBlock> blocks, PictureSet pictures, HidingChoices choices)
    {
        (_network, _blocks, _pictures, _choices) = (network, blocks, pictures, choices);
        _divergence = new AnswerDivergence(network, pictures);
        _changes = new ConvChanges(network, Suffix(network));
        _refit = new StreamRefit(network, blocks, _changes, pictures, choices);
        Whole = new(network, new Dictionary<string, GraphChange>(StringComparer.Ordinal), [], 0);
    }

    /// <summary>The network as it was.</summary>
    public HidingState Whole { get; }

    /// <summary>Hides one block more.</summary>
    /// <param name="state">To go on from.</param>
    /// <param name="name">That block; null for the one that costs least.</param>
    /// <returns>Null when no block is left.</returns>
    public HidingState? Next(HidingState state, string? name = null)
    {
        var names = name is not null ? [name]
            : _ranking.Count == 0 ? _blocks.Select(b => b.Name)
            : _ranking.Except(state.Hidden).Take(_choices.Candidates);
        var left = _blocks.Where(b => names.Contains(b.Name) && !state.Hidden.Contains(b.Name)).ToList();
        var trials = Trials(state, left, isAsked: name is not null);
        if (trials.Count == 0) return null;
        if (name is null) _ranking = [.. trials.Select(t => t.State.Hidden[^1]).Union(_ranking)];
        if (_choices.RefitRidge > 0)
        {
            if (trials.Count > 1)
                trials = [.. trials.Take(_choices.Shortlist)
                    .Select(t => Measured(t, _refit.Run(t.State, _choices.TrialStride), state)).OrderBy(t => t.Cost)];
            trials[0] = trials[0] with { State = _refit.Run(trials[0].Bare, 1) };
        }

        return trials[0].State with { DivergenceNats = _divergence.Of(trials[0].State.Graph) };
    }

    /// <summary>Other definitions of values besides those that a state has.</summary>
    public static IReadOnlyDictionary<string, GraphChange> Changed(HidingState state, GraphChange change) =>
        new Dictionary<string, GraphChange>(state.Changes, StringComparer.Ordinal) { [change.Value] = change };

    // Every block that is left, repaired by itself alone; the cheapest first. One that was asked for is not measured.
    private List<Trial> Trials(HidingState state, List<ResidualBlock> left, bool isAsked)
    {
        if (left.Count == 0) return [];
        long macs = GraphFacts.Of(state.Graph).Macs;
        var trials = new List<Trial>();
        foreach (var (block, conv) in left.Zip(Fit(state, left)))
        {
            var changes = Changed(state, _changes.Replace(block, conv));
            var hidden = new HidingState(GraphChange.Apply(_network, changes.Values), changes, [.. state.Hidden, block.Name], 0);
            var trial = new Trial(hidden, hidden, macs - GraphFacts.Of(hidden.Graph).Macs, 0);
            if (isAsked) trials.Add(trial);
            else if (trial.SavedMacs > 0) trials.Add(Measured(trial, hidden, state)); // else the replacement would be as dear as the block
        }

        return [.. trials.OrderBy(t => t.Cost)];
    }

    private Trial Measured(Trial trial, HidingState repaired, HidingState before) =>
        trial with { State = repaired, Cost = (_divergence.Of(repaired.Graph) - before.DivergenceNats) / trial.SavedMacs };

    /// <summary>One block hidden for a try.</summary>
    /// <param name="Bare">Only the block itself repaired.</param>
    /// <param name="State">Repaired as far as it was tried.</param>
    /// <param name="SavedMacs">Multiply-accumulates.</param>
    /// <param name="Cost">Divergence added for each of them, in nats.</param>
    private sealed record Trial(HidingState Bare, HidingState State, long SavedMacs, double Cost);

    // One run over the pictures for all blocks that are left.
    private FittedConv[] Fit(HidingState state, List<ResidualBlock> left)
    {
        var stream = new ActivationStream(_pictures, 1);
        using var whole = stream.Tap(_network, [.. left.Select(b => b.Add.Output)]);
        using var shortened = stream.Tap(state.Graph, [.. left.Select(b => b.Input)]);
        var fits = left.Select(b => new ConvFit(ShapeOf(b))).ToArray();
        for (int i = 0; i < stream.Count; i++)
        {
            whole.Run(i);
            shortened.Run(i);
            for (int b = 0; b < left.Count; b++)
            {
                var target = whole.Map(left[b].Add.Output);
                fits[b].Add(shortened.Map(left[b].Input), target, null, SampledPixels.Of(target.Pixels, _choices.PixelsPerPicture, i));
            }
        }

        return [.. fits.Zip(left, (fit, block) => fit.Solve(_choices.ReplacementRidge, Identity(ShapeOf(block))))];
    }

    private static FittedShape ShapeOf(ResidualBlock block) => new(
        block.InputShape[1], block.OutputShape[1], 1, block.InputShape[2] / block.OutputShape[2], 1);

    private static FittedConv? Identity(FittedShape shape)
    {
        if (shape.Inputs != shape.Outputs) return null;
        float[] weights = new float[shape.Outputs * shape.Taps];
        for (int c = 0; c < shape.Outputs; c++) weights[c * shape.Taps + c * shape.Kernel * shape.Kernel + shape.Kernel * shape.Kernel / 2] = 1;
        return new(weights, new float[shape.Outputs], shape);
    }

    // A package may have been shortened before.
    private static string Suffix(Graph graph)
    {
        var names = graph.Nodes.SelectMany(n => n.Outputs.Append(n.Name)).Concat(graph.Initializers.Keys).ToList();
        string suffix = ".hidden";
        for (int i = 2; names.Exists(n => n.Contains(suffix, StringComparison.Ordinal)); i++) suffix = $".hidden{i}";
        return suffix;
    }
}
