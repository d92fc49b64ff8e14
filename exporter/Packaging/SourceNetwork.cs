using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Calibration;
using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Import;
using ResNetEdge.Exporter.Import.Passes;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Packaging;

/// <summary>The network that an export starts from.</summary>
/// <param name="Graph">Opset 17, the passes done: BatchNorms folded, constants folded, nothing dead.</param>
/// <param name="Format">Of the file, e.g. <c>torch zip</c>, <c>onnx</c>.</param>
/// <param name="Architecture">Its usual name, e.g. <c>ResNet-20</c>; for ONNX the graph's own name.</param>
internal sealed record SourceNetwork(Graph Graph, string Format, string Architecture)
{
    /// <summary>How pictures are fed according to the file; null if it does not say.</summary>
    public PixelRange? Pixels { get; init; }

    /// <summary>States that the file says the network keeps from run to run.</summary>
    public IReadOnlyList<ModelState> States { get; init; } = [];

    /// <summary>Class names that the file carries; empty when it carries none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>What the user should know of the import, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the network's BatchNormalizations remember of its training; they are folded in <see cref="Graph"/>.</summary>
    public TrainingRecord Training { get; init; } = TrainingRecord.None;

    /// <summary>What was assumed of a checkpoint's network; null for a file that holds its graph.</summary>
    public NetworkForm? Form { get; init; }

    /// <summary>What of it matters to this network; null for a file that holds its graph.</summary>
    public NetworkTraits? Traits { get; init; }

    /// <summary>The same checkpoint in another form.</summary>
    public Func<NetworkForm, SourceNetwork>? InForm { get; init; }

    /// <summary>Whether the graph is int8 already, as an ONNX file may be.</summary>
    public bool IsQuantized => Quantizer.IsQuantized(Graph);

    /// <summary>Whether the file's network is of float16; <see cref="Graph"/> is of float32.</summary>
    public bool IsHalf { get; init; }

    /// <summary>Elements of the first output: one per class.</summary>
    public int Classes => Graph.Outputs[0].Shape.ElementCount;

    /// <summary>The graph, for an fp32 package.</summary>
    /// <exception cref="EdgeException">Exit 3: it is int8 already.</exception>
    public Graph Float() => !IsQuantized ? Graph
        : throw EdgeException.BadInput(
            $"'{Graph.Name}' is already int8 and no longer has fp32 weights; export it with --precision int8, or give the fp32 model");

    /// <summary>Opens a model file (<see cref="ModelFormats"/>) or a checkpoint.</summary>
    /// <param name="path">The file. ONNX has no telling first bytes, so it is known by its ending; every other format by its content.</param>
    /// <param name="architecture">Family of networks, or <c>auto</c>; for checkpoints, which hold no graph.</param>
    /// <param name="inputSize">Height and width in pixels for a checkpoint's network, or a model
    /// that leaves its own open; null for the family's default.</param>
    /// <param name="form">What a checkpoint cannot tell; null for the usual.</param>
    /// <exception cref="EdgeException">Exit 2 or 3, as the readers say; exit 2 also for a form of a file that holds its own graph.</exception>
    public static SourceNetwork Open(string path, string architecture, (int Height, int Width)? inputSize, NetworkForm? form = null)
    {
        if (ModelFormats.Find(path) is not { } format) return Of(CheckpointFormats.Read(path), architecture, inputSize, form ?? NetworkForm.Usual);
        if (form is not null && form != NetworkForm.Usual)
            throw new EdgeException(FailureKind.Usage,
                $"{path}: {form.OptionsFrom(NetworkForm.Usual)} is for checkpoints, which contain no graph; this file contains its own");
        return Of(path, format, inputSize);
    }

    private static SourceNetwork Of(StateDict weights, string architecture, (int Height, int Width)? inputSize, NetworkForm form)
    {
        var network = ArchitectureRecovery.Recover(weights, architecture, inputSize, form);
        var rectified = form.Activation == ActivationFunctions.Relu ? network
            : ArchitectureRecovery.Recover(weights, architecture, inputSize, form with { Activation = ActivationFunctions.Relu });
        List<string> notes = [form.Describe(network.Traits)];
        if (network.LeftOut.Count > 0)
            notes.Add("left out as training state: "
                + $"{string.Join(", ", network.LeftOut.Take(4))}{(network.LeftOut.Count > 4 ? $" and {network.LeftOut.Count - 4} more" : "")}");
        return new(PassList.Run(network.Graph), weights.Format, network.Model)
        {
            Training = TrainingRecord.Of(rectified.Graph, form.Activation),
            Form = form,
            Traits = network.Traits,
            InForm = other => Of(weights, architecture, inputSize, other),
            Notes = notes,
        };
    }

    private static SourceNetwork Of(string path, ModelFormat format, (int Height, int Width)? inputSize)
    {
        var model = format.Read(path, inputSize);
        var notes = new List<string>(model.Notes);
        var asRead = BatchOfOne.Of(ImportPassList.Run(model.Graph), notes.Add);
        var graph = PassList.Run(asRead);
        if (graph.Inputs.Count == 0 || graph.Outputs.Count == 0) throw EdgeException.BadInput($"{path}: a network without inputs or outputs");
        OperatorTable.CheckWritable(graph);
        var values = ShapeInference.Infer(graph); // a file may leave the shapes of its outputs out
        for (int i = 0; i < graph.Outputs.Count; i++) graph.Outputs[i] = values[graph.Outputs[i].Name];
        bool isHalf = graph.Halves.Count > 0;
        if (isHalf) notes.Add("the model is of float16; its numbers are exported from float32, which holds them exactly");
        graph.Halves.Clear(); // Precision is chosen anew, and what packages take and give is float32.
        graph.EdgeTypes.Clear();
        return new(graph, format.Name, model.Name)
        {
            IsHalf = isHalf,
            Training = TrainingRecord.Of(asRead),
            Pixels = model.Pixels,
            Labels = model.Labels,
            States = model.States,
            Notes = [.. notes, .. graph.Notes],
        };
    }

    /// <summary>Opens what the user named for an export.</summary>
    public static SourceNetwork Open(ExportOptions options) => Open(
        options.Checkpoint,
        options.Architecture,
        options.Input is { } input ? (input.Height, input.Width) : options.Preset is { } preset ? (preset.Size, preset.Size) : null,
        options.Form);
}
