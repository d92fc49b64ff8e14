using ResNetEdge.Service.Pictures;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Outputs;

/// <summary>What the configuration says of one output. Equal when everything in it is.</summary>
/// <param name="Name">By which rules name it.</param>
/// <param name="Type">As in the configuration.</param>
internal abstract record SinkSettings(string Name, string Type)
{
    /// <summary>Whether it is given every frame's result; rules that name it reach it in any case.</summary>
    public virtual bool WantsResults => false;

    /// <summary>Whether it is given every rule's changes, named by the rule or not.</summary>
    public virtual bool WantsEvents => false;

    /// <summary>Whether it tells people, who do not want to be told too often: <c>at_most</c> of a rule holds for it.</summary>
    public virtual bool TellsPeople => false;

    /// <summary>How often a frame is to be run at another level of the ladder too, to find those of which the two differ; null: never.</summary>
    public virtual TimeSpan? ComparesEvery => null;

    /// <summary>Size and quality of the pictures that go with its events; null: none do.</summary>
    public virtual PictureForm? Picture => null;

    /// <summary>With what it has to know of rules and cameras; equal as long as that is.</summary>
    /// <param name="rules">All of the file.</param>
    /// <param name="cameras">Names of all cameras of the file; empty: its one camera has none.</param>
    public virtual SinkSettings For(IReadOnlyList<RuleSettings> rules, IReadOnlyList<string> cameras) => this;

    /// <summary>Opens what it drives.</summary>
    /// <exception cref="EdgeException">Exit 3: it can never work as configured. Exit 5: a device or permission is missing. What may come back later
    /// (a broker, a line whose chip is gone) does not throw: the sink goes on trying.</exception>
    public abstract ISink Open(SinkContext context);
}

/// <summary>What sinks share.</summary>
/// <param name="Time">Of all waits and holds.</param>
/// <param name="Log">For people.</param>
/// <param name="StateFolder">Where queues lie on disk; exists.</param>
internal sealed record SinkContext(TimeProvider Time, Log Log, string StateFolder)
{
    /// <summary>Temperature of the hottest zone; null: no sensor answers. From any thread.</summary>
    public Func<double?> Celsius { get; init; } = () => null;

    /// <summary>Makes pictures of frames; null: there are none to be had.</summary>
    public PictureDesk? Pictures { get; init; }
}
