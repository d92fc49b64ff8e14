using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Architectures;

/// <summary>Finds the network that a checkpoint's weights belong to, from their names and shapes alone.</summary>
internal static class ArchitectureRecovery
{
    /// <summary>Largest input height and width, in pixels.</summary>
    public const int MaxInputSize = 8192;

    /// <summary>Tries the families in the table's order, or the one named.</summary>
    /// <param name="weights">The checkpoint.</param>
    /// <param name="family">A family's name, or null or <c>auto</c> for all.</param>
    /// <param name="inputSize">Input height and width in pixels, or null for the family's default (32 or 224).</param>
    /// <exception cref="EdgeException">Exit 2: no family of that name, or an input size out of range; exit 3: the weights fit no family, and the
    /// message names the nearest (the one that the most parameters fit) and the first parameter that did not fit.</exception>
    public static RecoveredNetwork Recover(StateDict weights, string? family = null, (int Height, int Width)? inputSize = null)
    {
        if (inputSize is { } s && (s.Height is < 1 or > MaxInputSize || s.Width is < 1 or > MaxInputSize))
            throw new EdgeException(ExitCode.Usage, $"an input of {s.Height}x{s.Width} pixels is outside 1 to {MaxInputSize}");
        var candidates = family is null or ArchitectureTable.Auto ? ArchitectureTable.All : [.. ArchitectureTable.All.Where(a => a.Name == family)];
        if (candidates.Count == 0)
            throw new EdgeException(ExitCode.Usage, $"there is no architecture '{family}'; give {ArchitectureTable.Auto}, {ArchitectureTable.Names}");

        (Architecture Family, int Fitted, Mismatch Misfit)? nearest = null;
        foreach (var candidate in candidates)
        {
            var parameters = new ParameterSource(weights);
            var network = Build(candidate, parameters, inputSize);
            if (parameters.FirstMismatch is not { } first) return network;
            if (nearest is null || parameters.Fitted > nearest.Value.Fitted) nearest = (candidate, parameters.Fitted, first);
        }

        var (closest, fitted, misfit) = nearest!.Value;
        string verdict = candidates.Count == 1 ? $"not a {closest.Name}" : $"no architecture known here; the nearest is {closest.Name}";
        throw EdgeException.BadInput($"{weights.FileName}: {verdict}: {fitted} of the file's {weights.Names.Count} parameters fit it, but "
            + $"{FileText.Quote(misfit.Parameter)} {misfit.Reason}; export the network to ONNX and give that instead");
    }

    private static RecoveredNetwork Build(Architecture family, ParameterSource parameters, (int Height, int Width)? inputSize)
    {
        int size = family.DefaultInputSize(parameters);
        var (height, width) = inputSize ?? (size, size);
        var net = new GraphBuilder(parameters, height, width);
        var (model, depth) = family.Declare(net);
        if (parameters.FirstLeft is { } left) parameters.Misfit(left, $"has no place in a {model}");

        net.Graph.Name = model;
        foreach (var (name, tensor) in net.Graph.Initializers.ToArray())
            if (tensor.Type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64)
                net.Graph.Initializers[name] = Tensor.From<float>(tensor.Shape, tensor.ToFloats());
        return new RecoveredNetwork(net.Graph, family.Name, model, depth, parameters.TrainableCount);
    }
}
