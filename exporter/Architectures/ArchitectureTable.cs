namespace ResNetEdge.Exporter.Architectures;

/// <summary>All families, in the order in which they are tried.</summary>
internal static class ArchitectureTable
{
    /// <summary>What <c>--arch</c> calls trying all of them.</summary>
    public const string Auto = "auto";

    /// <summary>The families. They exclude each other, by their number of stages or by their shapes.</summary>
    public static IReadOnlyList<Architecture> All { get; } = [new CifarResNet(), new TorchvisionResNet(), new PreActivationResNet()];

    /// <summary>The families' names, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(static a => a.Name));
}
