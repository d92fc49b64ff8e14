namespace ResNetEdge.Exporter.Reports;

/// <summary>What an export made.</summary>
internal sealed record ExportReport
{
    public required string Package { get; init; }

    public required string Checkpoint { get; init; }

    /// <summary>The checkpoint's format.</summary>
    public required string Format { get; init; }

    /// <summary>The network's usual name.</summary>
    public required string Architecture { get; init; }

    /// <summary><c>int8</c>, <c>fp16</c> or <c>fp32</c>.</summary>
    public required string Precision { get; init; }

    public required long Macs { get; init; }

    public required long Parameters { get; init; }

    public int? CalibrationImages { get; init; }

    /// <summary>
    /// How far the calibration pictures are from those of the training, as BatchNorm remembers them; null when nothing is remembered.
    /// </summary>
    public double? CalibrationDivergenceNats { get; init; }

    /// <summary>How ranges were chosen from what calibration saw.</summary>
    public string? CalibratedBy { get; init; }

    /// <summary>Of an fp16 package: nodes that stay in fp32, for what their values hold or as the user asked.</summary>
    public IReadOnlyList<string>? KeptFp32 { get; init; }

    /// <summary>With <c>--evaluate</c>: the package's network beside the fp32 one.</summary>
    public EvaluateReport? Evaluation { get; init; }

    /// <summary>Percentage points of top-1 lost against fp32; negative when gained.</summary>
    public double? DropPoints { get; init; }
}
