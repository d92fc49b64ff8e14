using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Progress;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Exporter.Reports;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Commands;

/// <summary><c>export</c>: a checkpoint becomes a package.</summary>
internal static class ExportCommand
{
    /// <summary>Command line of <c>export</c>.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "export",
        Summary = "Makes a package from a checkpoint: recovers the graph, folds BatchNorm, quantises and verifies.",
        Operands = "CHECKPOINT",
        MinOperands = 1,
        MaxOperands = 1,
        Options =
        [
            new("-o", "PACKAGE", "Where to write the package: a folder or a .zip file. Required."),
            new("--arch", "NAME", $"{Architectures.ArchitectureTable.Auto} (default), {Architectures.ArchitectureTable.Names}."),
            .. FormOptions.All,
            new("--input", "CxHxW", "Input size, e.g. 3x224x224; default: from the preset, else the network's usual size."),
            new("--preset", "NAME", $"Input size, mean, std and labels of a data set: {string.Join(", ", Presets.All.Select(p => p.Name))}.")
            {
                Choices = [.. Presets.All.Select(p => p.Name)],
            },
            new("--mean", "A,B,C", "Subtracted from value/255, one number per channel; default: from the preset, else 0."),
            new("--std", "A,B,C", "Divides value/255 - mean, one number per channel; default: from the preset, else 1."),
            new("--labels", "FILE", "Class names, one per line, in the order of the network's outputs."),
            new("--model-version", "N",
                "The model's version, an integer that you increase; a service does not go back to a lower version unless told to."),
            .. StateOptions.All,
            new("--precision", "P",
                "int8 (default), fp16 (half the size of fp32; half arithmetic where the core has it) or fp32.")
            {
                Choices = [.. Precisions.All],
            },
            new("--calibration", "PATH",
                "Pictures like those the network will see; required for int8, and for fp16 they show whether its range is enough. "
                    + "Labels are ignored. For a network whose input is no picture: "
                    + "numpy files (.npy, or .npz with an array for each input), one of them or a folder."),
            new("--calibration-images", "N",
                $"Maximum number of pictures or arrays to use, evenly spread; default {ExportOptions.DefaultCalibrationImages}."),
            new("--calibrate-by", "METHOD",
                $"{string.Join(", ", ObserverTable.Entries.Select(e => e.Name))}; default {ObserverTable.Entries[0].Name}.")
            {
                Choices = [.. ObserverTable.Entries.Select(e => e.Name)],
            },
            new("--without", "STEP", $"A quantisation step to skip, to see what it contributes: {ExportOptions.StepNames}.", Repeats: true)
            {
                Choices = ExportOptions.StepNames.Split(", "),
            },
            new("--qdq", "STYLE", "Where to place Q and DQ at a residual add: onnxruntime (default; both inputs) or tensorrt (the shortcut only).")
            {
                Choices = ["onnxruntime", "tensorrt"],
            },
            new("--keep-fp32", "NAME", "A layer to keep in fp32 ('inspect' lists them); * and ? are wildcards.", Repeats: true),
            new("--min-sqnr", "DB",
                "Signal-to-noise ratio that int8 outputs must have: the layers that lose most stay in fp32, up to a quarter of the "
                    + $"multiply-accumulates, until it is reached; default {ExportOptions.DefaultLeastSqnrDb}, 0 keeps all in int8."),
            new("--max-slowdown", "PERCENT",
                "Trades up to this much latency for accuracy: the layers that lose most stay in fp32; default 0. Measured on this machine."),
            new("--evaluate", "DIR", "Labelled pictures, one folder per class: compares the package with the fp32 network."),
            new(ExportOptions.AimDrop, "POINTS",
                "Percentage points of top-1 beyond which the layers that lose most return to fp32, up to a quarter of the "
                    + FormattableString.Invariant($"multiply-accumulates; default {ExportOptions.DefaultAimDropPoints}, 100 keeps all in int8.")),
            new("--max-drop", "POINTS",
                "Percentage points of top-1 that int8 or fp16 may lose; default 1.0. A package that loses more is not written."),
            new("--sensitivity", "SCOPE", "Sensitivity report kept in the package: none, layers, or full (default; layers and residual blocks). "
                + "It takes a few seconds for small networks "
                + "and less than a minute for a ResNet-50.") { Choices = ["none", "layers", "full"], FormerName = "--ledger" },
            new("--report", "FILE", "Writes the sensitivity report as a self-contained HTML page."),
            new(ExportOptions.AcceptCalibration, null,
                "Continues with a warning when the pictures do not look like the training data, or show that the network is not the one assumed."),
            new(Evaluation.LabelCheck.Option, null, "Continues with a warning when the folders of --evaluate do not match the network's classes."),
            new("--threads", "N", "Number of threads; when evaluating, the number of pictures at a time. Default 1."),
            ModelMib.Option,
            new("--json", null, "Prints JSON instead of text."),
        ],
        Notes = """
            CHECKPOINT is a .th, .pth, .pt (both torch formats), .safetensors, .onnx, .tflite or Keras .h5 file. A pickle is read, never executed.
            An .onnx or .tflite model that is int8 already keeps its integers.

              resnetedge-export export resnet20.th -o resnet20 --preset cifar10 --calibration pictures --evaluate test
            """,
        Run = Run,
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        ModelMib.Read(arguments);
        var options = ExportOptions.Parse(arguments);
        var report = Pipeline.Run(options, terminal.Error.WriteLine, ProgressDisplays.On(terminal));
        if (arguments.Has("--json")) Json.WriteLine(terminal.Out, report, Json.Default.ExportReport);
        else Print(terminal.Out, report);
        return ExitCode.Done;
    }

    private static void Print(TextWriter writer, ExportReport report)
    {
        const double million = 1e6;
        writer.WriteLine($"{report.Package}: {report.Architecture} from {report.Checkpoint} ({report.Format}), {report.Precision}, "
            + $"{report.Parameters / million:F3} million parameters, {report.Macs / million:F1} million multiply-accumulates");
        report.Evaluation?.Print(writer);
        if (report.DropPoints is { } drop) writer.WriteLine($"top-1 lost compared with fp32: {drop:F2} percentage points");
    }
}
