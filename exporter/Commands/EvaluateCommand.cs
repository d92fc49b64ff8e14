using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Commands;

/// <summary><c>evaluate</c>: how often a package is right on labelled pictures, alone or beside another network.</summary>
internal static class EvaluateCommand
{
    /// <summary>The verb.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "evaluate",
        Summary = "Counts a package's right answers on labelled pictures.",
        Operands = "PACKAGE DIR",
        MinOperands = 2,
        MaxOperands = 2,
        Options =
        [
            new("--engine", "NAME", $"{string.Join(", ", EngineTable.Names)}; default {EngineTable.Auto}, the best that runs the whole model."),
            new("--against", "FILE", "A checkpoint or package to compare with, on the same pictures and engine."),
            new("--threads", "N", "Threads that share one inference; default 1."),
            new("--json", null, "Prints JSON instead of words."),
        ],
        Notes = "DIR holds one folder per class, named after the label, with the pictures of that class.",
        Run = Run,
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        string name = arguments.Value("--engine") ?? EngineTable.Auto;
        EngineTable.Check(name);
        var options = new EngineOptions { Threads = arguments.Int("--threads", 1, 1, ExportOptions.MaxThreads) };
        string directory = arguments.Operands[1];

        using var package = Package.Open(arguments.Operands[0]);
        var manifest = package.Manifest ?? throw EdgeException.BadInput($"{package.Path}: a bare ONNX file does not say how pictures are fed to it; export it as a package first");
        var spec = manifest.Preprocess?.ToSpec() ?? throw EdgeException.BadInput($"{package.Path}: its input is no picture, so pictures cannot evaluate it");
        using var pictures = Pictures.Open(directory, spec);
        int[] classes = pictures.Classes(directory, package.Labels ?? []);

        using var engine = EngineTable.Load(name, package.Model, options).Engine;
        using var reference = arguments.Value("--against") is { } other ? LoadOther(other, name, options, (spec.Height, spec.Width)) : null;
        var accuracy = Evaluator.Run(engine, reference, pictures, classes);
        var report = EvaluateReport.Of(accuracy, engine.Name, manifest.Precision, reference is not null);
        if (arguments.Has("--json")) Json.WriteLine(terminal.Out, report, Json.Default.EvaluateReport);
        else report.Print(terminal.Out);
        return ExitCode.Done;
    }

    // A folder or .zip is a package; anything else is what 'export' takes.
    private static IEngine LoadOther(string path, string engine, EngineOptions options, (int Height, int Width) size)
    {
        if (!Directory.Exists(path) && !path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            return GraphEngine.Load(SourceNetwork.Open(path, ArchitectureTable.Auto, size).Graph, options.Threads, engine);
        using var package = Package.Open(path);
        return EngineTable.Load(engine, package.Model, options).Engine;
    }
}
