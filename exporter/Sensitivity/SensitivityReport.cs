namespace ResNetEdge.Exporter.Sensitivity;

/// <summary>
/// What each layer and each residual block costs a network, and what each block is worth to it. One file of the package, <see cref="File"/>.
/// </summary>
internal sealed record SensitivityReport
{
    /// <summary>The only version that is written and read.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Its name in the package.</summary>
    public const string File = "ledger.json";

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Pictures of the calibration that quantised layers and blocks were measured on.</summary>
    public required int Images { get; init; }

    /// <summary>Pictures that hidden blocks were measured on: of the evaluation where there was one, else of the calibration.</summary>
    public required int HidingImages { get; init; }

    /// <summary>Whether those pictures have labels, so that right answers were counted.</summary>
    public required bool HasLabels { get; init; }

    /// <summary>Right answers of the fp32 network on <see cref="HidingImages"/>; null without labels.</summary>
    public int? Right { get; init; }

    /// <summary>Multiply-accumulates of the whole network.</summary>
    public required long Macs { get; init; }

    /// <summary>All of the int8 network beside fp32; null in an fp32 package.</summary>
    public OutputChange? Quantized { get; init; }

    /// <summary>Int8 layers in the graph's order; empty in an fp32 package.</summary>
    public required IReadOnlyList<LayerEntry> Layers { get; init; }

    /// <summary>Residual blocks in the graph's order; empty when only layers were asked for.</summary>
    public required IReadOnlyList<BlockEntry> Blocks { get; init; }

    /// <summary>Layers by what they cost, worst first.</summary>
    public IEnumerable<LayerEntry> Costliest() =>
        Layers.OrderByDescending(l => l.Quantized.KlNats ?? 0).ThenBy(l => l.Quantized.SqnrDb).ThenBy(l => l.Layer, StringComparer.Ordinal);
}

/// <summary>One int8 layer.</summary>
/// <param name="Layer">Node name, as <c>--keep-fp32</c> takes it.</param>
/// <param name="Operation">ONNX operator.</param>
/// <param name="Macs">Multiply-accumulates.</param>
/// <param name="Quantized">The network's output when this layer alone is quantised, its input and weights.</param>
internal sealed record LayerEntry(string Layer, string Operation, long Macs, OutputChange Quantized);

/// <summary>One residual block, y = activation(F(x) + shortcut(x)).</summary>
/// <param name="Block">Its name.</param>
/// <param name="Shortcut"><c>identity</c>, <c>projection</c> or <c>parameter_free</c>.</param>
/// <param name="Macs">Multiply-accumulates of its branch F.</param>
/// <param name="BranchRatio">‖F(x)‖ / ‖shortcut(x)‖ over all pictures of the calibration that were looked at.</param>
/// <param name="Quantized">The network's output when this block alone is quantised; null in an fp32 package.</param>
/// <param name="Hidden">The fp32 network's output when the branch is left out and nothing is repaired.</param>
/// <param name="HiddenRight">Right answers then; null without labels.</param>
internal sealed record BlockEntry(
    string Block, string Shortcut, long Macs, double BranchRatio, OutputChange? Quantized, OutputChange Hidden, int? HiddenRight);
