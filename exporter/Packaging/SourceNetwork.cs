using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Packaging;

/// <summary>The network that an export starts from.</summary>
/// <param name="Graph">Opset 17, the passes done: BatchNorms folded, constants folded, nothing dead.</param>
/// <param name="Format">Of the file, e.g. <c>torch zip</c>, <c>onnx</c>.</param>
/// <param name="Architecture">Its usual name, e.g. <c>ResNet-20</c>; for ONNX the graph's own name.</param>
internal sealed record SourceNetwork(Graph Graph, string Format, string Architecture)
{
    private const string OnnxFormat = "onnx";

    /// <summary>Opens a checkpoint or an ONNX file.</summary>
    /// <param name="path">The file. ONNX has no telling first bytes, so it is known by its ending; every other format by its content.</param>
    /// <param name="architecture">Family of networks, or <c>auto</c>; for checkpoints, which hold no graph.</param>
    /// <param name="inputSize">Height and width in pixels for a checkpoint's network; null for the family's default.</param>
    /// <exception cref="EdgeException">Exit 2 or 3, as the readers say.</exception>
    public static SourceNetwork Open(string path, string architecture, (int Height, int Width)? inputSize)
    {
        if (path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            var graph = PassList.Run(OnnxReader.Read(path));
            return new(graph, OnnxFormat, graph.Name);
        }

        var weights = CheckpointFormats.Read(path);
        var network = ArchitectureRecovery.Recover(weights, architecture, inputSize);
        return new(PassList.Run(network.Graph), weights.Format, network.Model);
    }

    /// <summary>Opens what the user named for an export.</summary>
    public static SourceNetwork Open(ExportOptions options) => Open(
        options.Checkpoint,
        options.Architecture,
        options.Input is { } input ? (input.Height, input.Width) : options.Preset is { } preset ? (preset.Size, preset.Size) : null);
}
