using ResNetEdge.Estimates;
using ResNetEdge.Model;

namespace ResNetEdge.Cli.Reports;

/// <summary>A network's time on a board by a model of the engine cuda: computed, not measured; milliseconds of one inference.</summary>
internal sealed record EstimateReport
{
    public required string Device { get; init; }

    /// <summary>The estimate: the sum of the layers'.</summary>
    public required double EstimateMs { get; init; }

    /// <summary>All products at the GPU's full rate.</summary>
    public required double ComputeFloorMs { get; init; }

    /// <summary>All activations and weights at the memory's full rate.</summary>
    public required double MemoryFloorMs { get; init; }

    /// <summary>Between the kernels of a graph.</summary>
    public required double LaunchMs { get; init; }

    /// <summary>What others have published for ResNet-50 in int8 by TensorRT on this board, to compare with.</summary>
    public required double TensorrtResnet50Int8PublishedMs { get; init; }

    public required IReadOnlyList<LayerEstimateReport> Layers { get; init; }

    /// <exception cref="EdgeException">Exit 5: a step that no kernel of the engine computes; it is named by its node.</exception>
    public static EstimateReport Of(Graph graph, GpuBoard board)
    {
        var steps = GpuEstimate.Of(graph, board);
        return new EstimateReport
        {
            Device = board.Title,
            EstimateMs = Rounded(steps.Sum(s => s.Ms)),
            ComputeFloorMs = Rounded(steps.Sum(s => s.ComputeFloorMs)),
            MemoryFloorMs = Rounded(steps.Sum(s => s.MemoryFloorMs)),
            LaunchMs = Rounded(steps.Sum(s => s.LaunchMs)),
            TensorrtResnet50Int8PublishedMs = board.TensorRtResNet50Ms,
            Layers = [.. steps.Select(s => new LayerEstimateReport(s.Operation, s.Node, s.Kernel, s.Macs, s.Bytes, Rounded(s.Ms)))],
        };
    }

    /// <summary>Prints the layers, the sum and what it is.</summary>
    public void Print(TextWriter writer)
    {
        writer.WriteLine($"  {Device}, engine cuda: {EstimateMs:F2} ms an inference, estimated by a time model and not measured");
        writer.WriteLine($"    floors: products {ComputeFloorMs:F2} ms, memory {MemoryFloorMs:F2} ms, launches {LaunchMs:F2} ms; "
            + $"TensorRT's published ResNet-50 in int8 takes {TensorrtResnet50Int8PublishedMs} ms there");
        foreach (var layer in Layers)
            writer.WriteLine($"    {layer.EstimateMs:F4} ms  {layer.Kernel}  {layer.Operation} {layer.Node}");
    }

    /// <summary>To a tenth of a microsecond: a model has no more digits than that.</summary>
    private static double Rounded(double milliseconds) => Math.Round(milliseconds, 4);
}
