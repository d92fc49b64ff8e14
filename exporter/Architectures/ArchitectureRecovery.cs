using ResNetEdge.Exporter.Architectures.Names;
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
    /// <param name="form">What the checkpoint cannot tell; null for the usual.</param>
    /// <exception cref="EdgeException">Exit 2: no family of that name, an input size out of range, or a
    /// form that the network cannot have; exit 3: the weights fit no family, and the message names the
    /// nearest (the one that the most parameters fit) and the first parameter that did not fit.</exception>
    public static RecoveredNetwork Recover(
        StateDict weights, string? family = null, (int Height, int Width)? inputSize = null, NetworkForm? form = null)
    {
        if (inputSize is { } s && (s.Height is < 1 or > MaxInputSize || s.Width is < 1 or > MaxInputSize))
            throw new EdgeException(
                FailureKind.Usage, $"an input of {s.Height}x{s.Width} pixels is out of range; each side must be from 1 to {MaxInputSize}");
        var candidates = family is null or ArchitectureTable.Auto ? ArchitectureTable.All : [.. ArchitectureTable.All.Where(a => a.Name == family)];
        if (candidates.Count == 0)
            throw new EdgeException(
                FailureKind.Usage, $"unknown architecture '{family}'; known architectures: {ArchitectureTable.Auto}, {ArchitectureTable.Names}");

        weights = NetworkLocator.Locate(weights);
        (Architecture Family, ParameterSource Parameters)? nearest = null;
        foreach (var candidate in candidates)
        {
            var parameters = new ParameterSource(weights);
            var network = Build(candidate, parameters, inputSize, form ?? NetworkForm.Usual);
            if (parameters.MismatchCount == 0) return Checked(network);
            if (nearest is null || parameters.Fitted > nearest.Value.Parameters.Fitted) nearest = (candidate, parameters);
        }

        string verdict =
            candidates.Count == 1 ? $"not a {nearest!.Value.Family.Name}" : $"not a known architecture; the nearest is {nearest!.Value.Family.Name}";
        throw EdgeException.BadInput(
            $"{weights.FileName}: {verdict}: {MisfitText.Of(weights, nearest.Value.Parameters)}; export the network to ONNX and use that instead");
    }

    private static RecoveredNetwork Build(Architecture family, ParameterSource parameters, (int Height, int Width)? inputSize, NetworkForm form)
    {
        int size = family.DefaultInputSize(parameters);
        var (height, width) = inputSize ?? (size, size);
        var net = new GraphBuilder(parameters, height, width, form);
        var (model, depth) = family.Declare(net);
        foreach (string left in parameters.Left) parameters.Misfit(left, $"does not belong in a {model}");

        net.Graph.Name = model;
        foreach (var (name, tensor) in net.Graph.Initializers.ToArray())
            if (tensor.Type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64)
                net.Graph.Initializers[name] = Tensor.From<float>(tensor.Shape, tensor.ToFloats());
        return new RecoveredNetwork(net.Graph, family.Name, model, depth, parameters.TrainableCount)
        {
            Form = form,
            Traits = net.Traits,
            LeftOut = parameters.LeftOut,
        };
    }

    private static RecoveredNetwork Checked(RecoveredNetwork network)
    {
        if (network.Form.StrideOn != BottleneckStride.On3x3 && !network.Traits.HasStridedBottleneck)
            throw new EdgeException(FailureKind.Usage, $"--stride-on applies to bottlenecks with a stride, and {network.Model} has none");
        return network.Form.OutputStride is null || network.Traits.Dilates ? network
            : throw new EdgeException(FailureKind.Usage, $"--output-stride {network.Form.OutputStride} has no effect: "
                + $"the output stride of {network.Model} is already {network.Traits.OutputStride}");
    }
}
