namespace ResNetEdge.Exporter.Architectures.Names;

/// <summary>The table of name schemes.</summary>
internal static class NameSchemes
{
    /// <summary>All of them; the first that finds a network is taken.</summary>
    public static IReadOnlyList<NameScheme> All { get; } =
    [
        new("conv1.weight", "layer1.0.conv1.weight", static name => name, static name => name),
        new("embedder.embedder.convolution.weight", "encoder.stages.0.layers.0.layer.0.convolution.weight", HuggingFaceNames.Canonical,
            HuggingFaceNames.Original),
        new("0.weight", "4.0.conv1.weight", SequentialNames.Canonical, SequentialNames.Original),
    ];
}
