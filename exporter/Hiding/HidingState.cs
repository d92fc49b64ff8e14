using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>A network with some of its blocks hidden.</summary>
/// <param name="Graph">The shortened network; values keep the names that they have in the whole one.</param>
/// <param name="Changes">What made it of the whole network, by changed value.</param>
/// <param name="Hidden">Names of the hidden blocks, in the order in which they went.</param>
/// <param name="DivergenceNats">From the whole network's answers, on the choosing pictures.</param>
internal sealed record HidingState(
    Graph Graph, IReadOnlyDictionary<string, GraphChange> Changes, IReadOnlyList<string> Hidden, double DivergenceNats);
