using ResNetEdge.Cli.Reports;
using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Metrics;
using ResNetEdge.Packages;

namespace ResNetEdge.Cli.Commands;

/// <summary><c>resnetedge verify</c>: a package proves itself, first every file's hash, then its golden vectors on an engine.</summary>
internal static class VerifyCommand
{
    public static Verb Verb { get; } = new()
    {
        Name = "verify",
        Summary = "Checks a package: every file's hash, then its golden vectors on an engine.",
        Operands = "PACKAGE",
        MinOperands = 1,
        MaxOperands = 1,
        Options = [CommonOptions.Engine, CommonOptions.Isa, CommonOptions.Threads, CommonOptions.Json],
        Notes = "Exit 4 when a file is not the one that the manifest lists, or an output differs by more than the package allows.",
        Run = Run,
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        string engineName = CommonOptions.ReadEngine(arguments);
        var options = CommonOptions.ReadEngineOptions(arguments, engineName);
        using var package = Package.Open(arguments.Operands[0]);
        if (package.Manifest is not { } manifest)
            throw EdgeException.BadInput($"'{package.Path}' is a bare ONNX file: only a package has hashes and golden vectors to verify");
        package.VerifyFiles();
        var loaded = EngineTable.Load(engineName, package.Model, options);
        using var engine = loaded.Engine;
        if (engineName == EngineTable.Auto) terminal.Error.WriteLine($"engine {engine.Name}: {loaded.Reason}");

        double allowed = manifest.Golden?.MaxAbsDifference ?? 0;
        var differences = package.ReadGolden().Select((golden, i) => GoldenCheck.MaxAbsDifference(engine, golden, $"{package.Path}: golden vector {i}")).ToArray();
        var report = new VerifyReport(differences.Length, differences.Count(d => d <= allowed), differences.DefaultIfEmpty(0).Max(), engine.Name);
        if (arguments.Has(CommonOptions.Json.Name)) Json.WriteLine(terminal.Out, report, Json.Default.VerifyReport);
        else terminal.Out.WriteLine($"{package.Path}: {manifest.Files.Count} files as listed, {report.Passed} of {report.Vectors} golden vectors right on engine {report.Engine} (largest difference {report.MaxAbsDifference:G3}, allowed {allowed:G3})");
        if (differences.Length == 0) terminal.Error.WriteLine($"'{package.Path}' has no golden vectors: only its files' hashes were checked");
        if (report.Passed == report.Vectors) return ExitCode.Done;
        throw EdgeException.Refused(
            $"{report.Vectors - report.Passed} of {report.Vectors} golden vectors of '{package.Path}' are not reproduced by engine {report.Engine} "
            + $"(largest difference {report.MaxAbsDifference:G3}, allowed {allowed:G3})");
    }
}
