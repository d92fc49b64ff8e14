using ResNetEdge.Cli.Reports;
using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
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
        Options =
        [
            CommonOptions.Engine, CommonOptions.Isa, .. ProviderOptions.All, ThreadsOption.Option, LevelChoice.Level, CommonOptions.Key,
            CommonOptions.ModelMib, CommonOptions.Json,
        ],
        Notes = "Exit status 4 means that a file differs from the manifest, that an output differs by more than the package allows, or, with --key, "
            + "that the package is not signed with that key. Every level of a ladder is checked, or only the one given by --level.",
        Run = Run,
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        string engineName = CommonOptions.ReadEngine(arguments);
        var options = CommonOptions.ReadEngineOptions(arguments, [engineName], terminal.Error.WriteLine);
        using var keys = CommonOptions.ReadKeys(arguments);
        using var package = Package.Open(arguments.Operands[0], keys);
        if (package.Manifest is not { } manifest)
            throw EdgeException.BadInput($"'{package.Path}' is a bare ONNX file: only a package has hashes and golden vectors to verify");
        package.VerifyFiles();
        int[] levels = arguments.Has(LevelChoice.Level.Name)
            ? [arguments.Int(LevelChoice.Level.Name, 0, 0, ManifestLadder.MaxRungs)]
            : [.. Enumerable.Range(0, package.Levels + 1)];
        var results = levels.Select(level => Check(package, level, engineName, options, terminal)).ToList();
        var report = new VerifyReport(
            results.Sum(r => r.Vectors), results.Sum(r => r.Passed), results.Max(r => r.MaxAbsDifference), results.Max(r => r.MaxRmsDifference),
            results[0].Engine)
        {
            SignedBy = package.SignedBy,
            Levels = package.Levels == 0 ? null : [.. results.Zip(
                levels, (r, level) => new LevelVerified(level, r.Vectors, r.Passed, r.MaxAbsDifference, package.Tolerance(level).MaxAbs))],
        };
        var worst = levels.Zip(results).MaxBy(p => package.Tolerance(p.First).Excess(p.Second.Distance));
        string difference = package.Tolerance(worst.First).Compare(worst.Second.Distance) + (package.Levels == 0 ? "" : $", at level {worst.First}");
        if (arguments.Has(CommonOptions.Json.Name)) Json.WriteLine(terminal.Out, report, Json.Default.VerifyReport);
        else
            terminal.Out.WriteLine($"{package.Path}: {manifest.Files.Count} files as listed, {report.Passed} of {report.Vectors} golden vectors "
                + $"right on engine {report.Engine} ({difference}){(package.SignedBy is { } id ? $", signed with key {id}" : "")}");
        if (report.Vectors == 0) terminal.Error.WriteLine($"'{package.Path}' has no golden vectors: only its files' hashes were checked");
        if (report.Passed == report.Vectors) return ExitCode.Done;
        throw EdgeException.Refused(
            $"{report.Vectors - report.Passed} of {report.Vectors} golden vectors of '{package.Path}' are not reproduced by engine {report.Engine} "
            + $"({difference})");
    }

    private static VerifyReport Check(Package package, int level, string engineName, EngineOptions options, Terminal terminal)
    {
        var loaded = EngineTable.Load(engineName, package.ModelAt(level), options);
        using var engine = loaded.Engine;
        if (engineName == EngineTable.Auto && level == 0) terminal.Error.WriteLine($"engine {engine.Name}: {loaded.Reason}");
        return VerifyReport.Of(package, level, engine);
    }
}
