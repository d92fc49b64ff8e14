using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Exporter.Progress;
using ResNetEdge.Exporter.Reports;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Commands;

/// <summary><c>evaluate</c>: how often a package is right on labelled pictures, alone or beside another network.</summary>
internal static class EvaluateCommand
{
    /// <summary>Command line of <c>evaluate</c>.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "evaluate",
        Summary = "Measures a package's accuracy on labelled pictures.",
        Operands = "PACKAGE DIR",
        MinOperands = 2,
        MaxOperands = 2,
        Options =
        [
            new("--engine", "NAME", $"{string.Join(", ", EngineTable.Names)}; default {EngineTable.Auto}, the best that can run the whole model.")
            {
                Choices = [.. EngineTable.Names],
            },
            new("--against", "FILE", "A checkpoint or package to compare with, on the same pictures and engine."),
            .. FormOptions.All,
            new("--level", "N", "Level of the package's ladder; 0 (default) is the whole network."),
            new("--threads", "N", "Pictures evaluated at a time, one thread each; default 1. The results do not depend on it."),
            new("--confusion", null, "With --json, also prints the confusion matrix: for each class, how often each class was predicted."),
            ModelMib.Option,
            new("--json", null, "Prints JSON instead of text."),
        ],
        Notes = "DIR holds one folder per class, named after the label, with the pictures of that class.",
        Run = Run,
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        ModelMib.Read(arguments);
        string name = arguments.Value("--engine") ?? EngineTable.Auto;
        EngineTable.Check(name);
        int threads = arguments.Int("--threads", 1, 1, ExportOptions.MaxThreads);
        string directory = arguments.Operands[1];

        using var package = Package.Open(arguments.Operands[0]);
        var manifest = package.Manifest
            ?? throw EdgeException.BadInput($"{package.Path}: a bare ONNX file does not describe its preprocessing; export it as a package first");
        var spec = manifest.Preprocess?.ToSpec()
            ?? throw EdgeException.BadInput($"{package.Path}: its input is not a picture, so it cannot be evaluated on pictures");
        using var pictures = Pictures.Open(directory, spec);
        string[] labels = [.. package.Labels ?? []];
        int[] classes = pictures.Classes(directory, labels);

        using var pool = new EnginePool(name, package.ModelAt(arguments.Int("--level", 0, 0, ManifestLadder.MaxRungs)), threads);
        using var reference = arguments.Value("--against") is { } other
            ? LoadOther(other, name, threads, (spec.Height, spec.Width), FormOptions.Parse(arguments)) : null;
        var result = Evaluator.Run(pool.Engines, reference?.Engines, pictures, classes, ProgressDisplays.On(terminal));
        if (LabelCheck.Find(result, result.Reference ?? result.Answers, labels) is { } doubt) terminal.Error.WriteLine($"warning: {doubt}");
        var report = EvaluateReport.Of(result, pool.Engines[0].Name, manifest.Precision, labels, arguments.Has("--confusion"));
        if (arguments.Has("--json")) Json.WriteLine(terminal.Out, report, Json.Default.EvaluateReport);
        else report.Print(terminal.Out, isWhole: true);
        return ExitCode.Done;
    }

    // A folder or .zip is a package; anything else is what 'export' takes.
    private static EnginePool LoadOther(string path, string engine, int threads, (int Height, int Width) size, NetworkForm form)
    {
        if (!Directory.Exists(path) && !path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            return GraphEngine.LoadPool(SourceNetwork.Open(path, ArchitectureTable.Auto, size, form).Graph, threads, engine);
        using var package = Package.Open(path);
        return new EnginePool(engine, package.Model, threads);
    }
}
