using ResNetEdge.Exporter.Sensitivity;

namespace ResNetEdge.Exporter.Reports;

/// <summary>What a checkpoint, ONNX file or package is made of.</summary>
internal sealed record InspectReport
{
    public required string File { get; init; }

    /// <summary>Of the file, e.g. <c>torch zip</c>, <c>onnx</c>, <c>package</c>.</summary>
    public required string Format { get; init; }

    /// <summary>The network's usual name.</summary>
    public required string Architecture { get; init; }

    /// <summary><c>int8</c> or <c>fp32</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>Multiply-accumulates of one inference.</summary>
    public required long Macs { get; init; }

    public required long Parameters { get; init; }

    /// <summary>Adds of a branch and its shortcut.</summary>
    public required int ResidualAdds { get; init; }

    /// <summary>Those that the fused engine does inside a convolution or matrix product; null where it cannot run the network.</summary>
    public int? FusedResidualAdds { get; init; }

    /// <summary>Why the fused engine cannot run the network.</summary>
    public string? NotFused { get; init; }

    public required int[] InputShape { get; init; }

    public required int[] OutputShape { get; init; }

    /// <summary>Names of the layers with weights, as <c>--keep-fp32</c> takes them.</summary>
    public required string[] Layers { get; init; }

    /// <summary>The package's sensitivity report; null when it carries none.</summary>
    public SensitivityReport? Sensitivity { get; init; }
}
