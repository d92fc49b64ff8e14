using ResNetEdge.CommandLine;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Options;

/// <summary>What the user says about the states of a streaming network.</summary>
/// <param name="Named">Pairs by name.</param>
/// <param name="IsAuto">Whether further pairs are to be found by name and shape.</param>
internal sealed record StateOptions(IReadOnlyList<ModelState> Named, bool IsAuto)
{
    /// <summary>No states.</summary>
    public static readonly StateOptions None = new([], false);

    /// <summary>In the order of the help text.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        new("--state", "OUTPUT=INPUT", "An output that the next run takes as an input: a state, which the runtime then keeps.", Repeats: true),
        new("--states", "HOW", "auto: names as states the outputs that fit an input by name, or are the only one of its type and shape.")
        {
            Choices = ["auto"],
        },
    ];

    /// <summary>Reads a command line.</summary>
    /// <exception cref="EdgeException">Exit 2.</exception>
    public static StateOptions Parse(Arguments arguments)
    {
        if (arguments.Value("--states") is { } how and not "auto") throw Arguments.Usage($"--states must be auto, not '{how}'");
        return new([.. arguments.Values("--state").Select(StatePair.Parse)], arguments.Has("--states"));
    }
}
