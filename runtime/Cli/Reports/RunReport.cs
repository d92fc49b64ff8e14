namespace ResNetEdge.Cli.Reports;

/// <summary>What <c>run</c> found in one input.</summary>
/// <param name="Input">The file, or the camera.</param>
/// <param name="Item">Which of the file's batch, from 0; null when it holds one.</param>
/// <param name="Engine">That ran it.</param>
/// <param name="Top">Most probable classes, best first; empty for a network that does not classify.</param>
/// <param name="InferMs">The engine's run alone.</param>
/// <param name="PreprocessMs">Resize, crop, normalise and write into the engine; for arrays the copy.</param>
/// <param name="DecodeMs">Read the file and decode it; for arrays counted with the first item, for cameras part of <paramref name="PreprocessMs"/>.</param>
internal sealed record RunReport(string Input, int? Item, string Engine, IReadOnlyList<RankedClass> Top, double InferMs, double PreprocessMs, double DecodeMs)
{
    /// <summary>Cameras only: number of the frame, as the camera counts.</summary>
    public uint? Sequence { get; init; }

    /// <summary>Cameras only: frames thrown away or lost since the start.</summary>
    public long? Dropped { get; init; }

    /// <summary>Cameras only: frames since the start that could not be used.</summary>
    public long? Damaged { get; init; }

    /// <summary>Cameras only: from the camera's time of the frame to the result.</summary>
    public double? LatencyMs { get; init; }
}

/// <summary>One class and its probability, 0 to 1.</summary>
internal sealed record RankedClass(int Index, string? Label, float Probability);
