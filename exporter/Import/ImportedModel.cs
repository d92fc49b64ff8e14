using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import;

/// <summary>A network read from a file that holds its graph, not only its weights.</summary>
/// <param name="Graph">Batch 1, pictures N C H W; semantics of its own opset; no pass has run.</param>
/// <param name="Name">The network's name, for people.</param>
internal sealed record ImportedModel(Graph Graph, string Name)
{
    /// <summary>How pictures are fed according to the file; null if it does not say.</summary>
    public PixelRange? Pixels { get; init; }

    /// <summary>Outputs that the network takes as inputs of the next run.</summary>
    public IReadOnlyList<ModelState> States { get; init; } = [];

    /// <summary>Class names that the file carries; empty when it carries none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>What the user should know of the import, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
