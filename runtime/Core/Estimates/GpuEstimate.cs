using ResNetEdge.Backends.Cuda;
using ResNetEdge.Backends.Null;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Plans;
using ResNetEdge.Steps;

namespace ResNetEdge.Estimates;

/// <summary>
/// A time model of the engine <c>cuda</c>, computed and never measured: each step takes what its products take in whole tiles of 64×64 outputs, one
/// after the other on each multiprocessor, at half the device's rate, or what its bytes take at three quarters of the memory's, and a launch.
/// </summary>
internal static class GpuEstimate
{
    private const int Tile = 64, DepthBlock = 32;

    /// <summary>Of int8 by dp4a, on every GPU that the engine knows: four products on 64 lanes.</summary>
    private const int DotProducts = 256;

    /// <summary>What kernels reach of a device's rates.</summary>
    private const double ComputeShare = 0.5, MemoryShare = 0.75;

    /// <summary>Between two kernels of a graph: the launch, and a pipeline that fills and empties.</summary>
    private const double LaunchMicroseconds = 2, LaunchClocks = 1500;

    /// <summary>Estimates each step of a network.</summary>
    /// <exception cref="EdgeException">Exit 3: the network cannot be run. Exit 5: no kernel computes a step, which is named by its node.</exception>
    public static IReadOnlyList<StepEstimate> Of(Graph graph, GpuBoard board)
    {
        using var network = new PlannedNetwork(graph, new EstimateBackend(board.Processor), new EngineOptions { Threads = 1 }, packed: null);
        return [.. network.Plan.Steps.Select(step => Of(step, ((NullKernel)step.Kernel).Problem, board))];
    }

    private static StepEstimate Of(PreparedStep step, StepProblem problem, GpuBoard board)
    {
        string kernel = CudaKernelTable.Best(problem, board.Processor)!.Name;
        var conv = ShapeOf(problem);
        int elementBytes = problem switch { ConvInt8Problem => sizeof(byte), ConvFp16Problem => HalfNumbers.Size, _ => sizeof(float) };
        long bytes = step.ActivationBytes + (conv is null ? 0 : (long)conv.OutputChannels * conv.Depth * elementBytes);
        double perMs = board.Multiprocessors * board.ClockGHz * 1e6 * RateOf(kernel, board);
        double memory = bytes / (board.BandwidthGBps * 1e6);
        double launch = (LaunchMicroseconds + LaunchClocks / (board.ClockGHz * 1e3)) / 1e3;
        double products = (conv is null ? step.Macs : WholeTiles(conv, board.Multiprocessors)) / (perMs * ComputeShare);
        return new StepEstimate(
            step.Operation, step.Node, kernel, step.Macs, bytes, step.Macs / perMs, memory, launch,
            Math.Max(products, memory / MemoryShare) + launch);
    }

    private static ConvShape? ShapeOf(StepProblem problem) => problem switch
    {
        ConvInt8Problem p => p.Shape,
        ConvFloatProblem p => p.Shape,
        _ => null,
    };

    /// <summary>Products of all tiles if every multiprocessor were as busy as the busiest.</summary>
    private static double WholeTiles(ConvShape shape, int multiprocessors)
    {
        // One thread for each output has no tiles that stay empty.
        if (shape.GroupOutputChannels < Tile / 2) return shape.Macs;
        long tiles = (long)Up(shape.Pixels, Tile) * Up(shape.GroupOutputChannels, Tile) * shape.Groups;
        long turns = (tiles + multiprocessors - 1) / multiprocessors;
        return (double)turns * multiprocessors * Tile * Tile * Up(shape.Depth, DepthBlock) * DepthBlock;
    }

    /// <summary>Multiply-accumulates in a clock of one multiprocessor.</summary>
    private static int RateOf(string kernel, GpuBoard board)
    {
        bool isMatrix = kernel.EndsWith("Matrix", StringComparison.Ordinal);
        if (kernel.StartsWith("ConvInt8", StringComparison.Ordinal)) return isMatrix ? board.TensorInt8 : DotProducts;
        return isMatrix ? board.TensorHalf : board.Single;
    }

    private static int Up(int count, int unit) => (count + unit - 1) / unit;
}
