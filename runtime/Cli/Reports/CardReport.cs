using ResNetEdge.Device.Sensors;

namespace ResNetEdge.Cli.Reports;

/// <summary>
/// What <c>bench --card</c> writes: one board and one network, with all that somebody elsewhere needs to compare the figures with a model of the
/// board. Holds no name of a host, a user or a folder.
/// </summary>
internal sealed record CardReport
{
    /// <summary>Rises when a field changes its meaning.</summary>
    public int SchemaVersion { get; init; } = 1;

    public required BoardReport Board { get; init; }

    /// <summary>Heat and clock before the first measurement.</summary>
    public required MachineState Before { get; init; }

    /// <summary>The same after the last: a board that throttles shows here.</summary>
    public required MachineState After { get; init; }

    /// <summary>The package's or the graph's own name.</summary>
    public required string Network { get; init; }

    public required string Precision { get; init; }

    public required long Macs { get; init; }

    public required long Parameters { get; init; }

    /// <summary>One for each number of threads, the default first, then one thread.</summary>
    public required IReadOnlyList<BenchReport> Rounds { get; init; }

    /// <summary>Of the last round.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>Whether this machine computes what the exporter recorded; null for a bare ONNX file.</summary>
    public VerifyReport? Golden { get; init; }
}
