using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Plans;

namespace ResNetEdge.Cli.Reports;

/// <summary>What a model is made of.</summary>
internal sealed record InspectReport
{
    public required string Model { get; init; }

    public required string Name { get; init; }

    public required int Opset { get; init; }

    /// <summary><c>int8</c> or <c>fp32</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>Multiply-accumulates of one inference.</summary>
    public required long Macs { get; init; }

    public required long Parameters { get; init; }

    /// <summary>Adds of a branch and its shortcut.</summary>
    public required int ResidualAdds { get; init; }

    /// <summary>
    /// Those that the fused engine does inside a convolution or matrix product, without a pass of their own; null where it cannot run the model.
    /// </summary>
    public int? FusedResidualAdds { get; init; }

    /// <summary>Why the fused engine cannot run the model.</summary>
    public string? NotFused { get; init; }

    /// <summary>What the fused engine makes of it, on this machine.</summary>
    public PlanReport? Plan { get; init; }

    /// <summary>What the engine cuda is expected to take on the board that was asked for; null when none was.</summary>
    public EstimateReport? Estimate { get; init; }

    /// <summary>What the package says the model is for; null where it leaves that to the outputs.</summary>
    public string? Task { get; init; }

    /// <summary>Class names in the package.</summary>
    public int? Labels { get; init; }

    /// <summary>As measured at the export.</summary>
    public ManifestAccuracy? Accuracy { get; init; }

    /// <summary>Levels that hide residual blocks; null when the package has no ladder.</summary>
    public IReadOnlyList<LevelReport>? Ladder { get; init; }

    /// <summary>How pictures become the first input.</summary>
    public ManifestPreprocess? Preprocess { get; init; }

    /// <summary>The model's own version; null when it has none.</summary>
    public long? ModelVersion { get; init; }

    public string? ExporterVersion { get; init; }

    public required IReadOnlyList<ValueReport> Inputs { get; init; }

    public required IReadOnlyList<ValueReport> Outputs { get; init; }

    /// <summary>Nodes by operator.</summary>
    public required IReadOnlyDictionary<string, int> Operators { get; init; }
}

/// <summary>One level of a ladder.</summary>
/// <param name="Level">From 1; 0 is the whole network.</param>
/// <param name="Macs">Multiply-accumulates of one inference.</param>
/// <param name="HiddenBlocks">Blocks left out.</param>
/// <param name="Accuracy">Beside the whole network, on pictures that no choice was made with.</param>
internal sealed record LevelReport(int Level, long Macs, IReadOnlyList<string> HiddenBlocks, ManifestAccuracy Accuracy)
{
    public static LevelReport Of(ManifestRung rung, int index) => new(index + 1, rung.Macs, rung.HiddenBlocks, rung.Accuracy);
}

/// <summary>An input or output.</summary>
internal sealed record ValueReport(string Name, string Type, int[] Shape)
{
    public static ValueReport Of(TensorInfo info) => new(info.Name, info.Type.ToString().ToLowerInvariant(), info.Shape.Dimensions.ToArray());
}

/// <summary>The fused engine's plan.</summary>
/// <param name="Tier">Kernel tier.</param>
/// <param name="Steps">Passes over memory in one inference.</param>
/// <param name="FusedResidualAdds">Residual adds inside a step.</param>
/// <param name="ArenaBytes">Activations, inputs, outputs.</param>
/// <param name="PackedBytes">Weights and tables as kernels read them.</param>
/// <param name="Kernels">Steps by kernel.</param>
internal sealed record PlanReport(
    string Tier, int Steps, int FusedResidualAdds, long ArenaBytes, long PackedBytes, IReadOnlyDictionary<string, int> Kernels)
{
    public static PlanReport Of(Plan plan, string tier) => new(
        tier,
        plan.Steps.Length,
        plan.Steps.Sum(s => s.FusedAdds),
        plan.ArenaBytes,
        plan.PackedBytes,
        new SortedDictionary<string, int>(plan.Steps.GroupBy(s => s.Kernel.Name).ToDictionary(g => g.Key, g => g.Count()), StringComparer.Ordinal));
}
