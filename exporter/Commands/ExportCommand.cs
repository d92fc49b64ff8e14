using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Progress;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Exporter.Reports;

namespace ResNetEdge.Exporter.Commands;

/// <summary><c>export</c>: a checkpoint becomes a package.</summary>
internal static class ExportCommand
{
    /// <summary>The verb.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "export",
        Summary = "Makes a package from a checkpoint: graph recovered, BatchNorm folded, quantised, checked.",
        Operands = "CHECKPOINT",
        MinOperands = 1,
        MaxOperands = 1,
        Options =
        [
            new("-o", "PACKAGE", "Where the package goes: a folder, or a .zip. Needed."),
            new("--arch", "NAME", $"{Architectures.ArchitectureTable.Auto} (default), {Architectures.ArchitectureTable.Names}."),
            .. FormOptions.All,
            new("--input", "CxHxW", "Input size, e.g. 3x224x224; default from the preset, else the network's usual one."),
            new("--preset", "NAME", $"Input size, mean, std and labels of a data set: {string.Join(", ", Presets.All.Select(p => p.Name))}.") { Choices = [.. Presets.All.Select(p => p.Name)] },
            new("--mean", "A,B,C", "Subtracted from value/255, one number a channel; default from the preset, else 0."),
            new("--std", "A,B,C", "Divides value/255 - mean, one number a channel; default from the preset, else 1."),
            new("--labels", "FILE", "Class names, one a line, in the order of the network's outputs."),
            new("--model-version", "N", "The model's version, a whole number that you count up; a service does not go back to a lower one unasked."),
            new("--precision", "P", "int8 (default) or fp32.") { Choices = ["int8", "fp32"] },
            new("--calibration", "DIR", "Pictures like those the network will see; int8 needs them. Labels are not looked at."),
            new("--calibration-images", "N", $"Most pictures of that folder to use, evenly spread; default {ExportOptions.DefaultCalibrationImages}."),
            new("--calibrate-by", "METHOD", $"{string.Join(", ", ObserverTable.Entries.Select(e => e.Name))}; default {ObserverTable.Entries[0].Name}.") { Choices = [.. ObserverTable.Entries.Select(e => e.Name)] },
            new("--without", "STEP", $"A step of quantisation to leave out, to see what it brings: {ExportOptions.StepNames}.", Repeats: true) { Choices = ExportOptions.StepNames.Split(", ") },
            new("--qdq", "STYLE", "Where Q and DQ stand at a residual add: onnxruntime (default; both inputs) or tensorrt (the shortcut only).") { Choices = ["onnxruntime", "tensorrt"] },
            new("--keep-fp32", "NAME", "A layer that stays fp32 ('inspect' lists them); * and ? stand for any characters.", Repeats: true),
            new("--max-slowdown", "PERCENT", "Spends up to so much latency on accuracy: the layers that cost most stay fp32; default 0. Measured here."),
            new("--evaluate", "DIR", "Labelled pictures, one folder per class: measures the package beside the fp32 network."),
            new("--max-drop", "POINTS", "Percentage points of top-1 that int8 may lose; default 1.0. A package that loses more is not written."),
            new("--ledger", "SCOPE", "Sensitivity kept in the package: none, layers, or full (default), residual blocks too. A few seconds for small networks, less than a minute for a ResNet-50.") { Choices = ["none", "layers", "full"] },
            new("--report", "FILE", "Writes the sensitivity as an HTML page that opens without network."),
            new(ExportOptions.AcceptCalibration, null, "Goes on, with a warning, when the pictures do not look like those of the training, or show that the network is another than assumed."),
            new(Evaluation.LabelCheck.Option, null, "Goes on, with a warning, when the folders of --evaluate do not fit the network's classes."),
            new("--threads", "N", "Threads; when evaluating, pictures at a time. Default 1."),
            ModelMib.Option,
            new("--json", null, "Prints JSON instead of words."),
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
        if (report.DropPoints is { } drop) writer.WriteLine($"top-1 lost against fp32: {drop:F2} percentage points");
    }
}
