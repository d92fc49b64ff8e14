namespace ResNetEdge.Cli.Reports;

/// <summary>What <c>bench --layers</c> measured: one step of the fused engine's plan, timed inside whole inferences.</summary>
internal sealed record LayerReport
{
    /// <summary>Place in the plan, from 0.</summary>
    public required int Layer { get; init; }

    /// <summary>What it does: <c>Conv+Add+Relu</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>The graph node it stands for.</summary>
    public required string Node { get; init; }

    public required string Kernel { get; init; }

    public required double P50Ms { get; init; }

    public required double MinMs { get; init; }

    /// <summary>Of the sum of all layers' p50, 0 to 1.</summary>
    public required double TimeShare { get; init; }

    /// <summary>Multiply-accumulates of the direct algorithm.</summary>
    public required long Macs { get; init; }

    /// <summary>At p50; null without products.</summary>
    public double? GmacPerS { get; init; }

    /// <summary>
    /// Rate over the measured peak of one core times threads; above 1 only where an algorithm (Winograd) saves products. Null without products.
    /// </summary>
    public double? PeakShare { get; init; }

    /// <summary>Activations read and written once.</summary>
    public required long ActivationBytes { get; init; }

    /// <summary>Packed weights, constants and tables.</summary>
    public required long WeightBytes { get; init; }
}
