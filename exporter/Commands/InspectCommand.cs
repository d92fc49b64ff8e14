using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Ledger;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Commands;

/// <summary><c>inspect</c>: what a checkpoint, ONNX file or package is made of.</summary>
internal static class InspectCommand
{
    /// <summary>The verb.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "inspect",
        Summary = "Tells what a checkpoint, ONNX file or package is made of.",
        Operands = "FILE",
        MinOperands = 1,
        MaxOperands = 1,
        Options =
        [
            new("--arch", "NAME", $"For a checkpoint: {ArchitectureTable.Auto} (default), {ArchitectureTable.Names}."),
            .. FormOptions.All,
            new("--report", "FILE", "For a package: writes its sensitivity, and the frontier that 'hide' measured, as an HTML page that opens without network."),
            ModelMib.Option,
            new("--json", null, "Prints JSON instead of words."),
        ],
        Notes = "layers are the names that 'export --keep-fp32' takes.",
        Run = Run,
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        ModelMib.Read(arguments);
        string path = arguments.Operands[0];
        bool isPackage = IsPackage(path);
        var ledger = isPackage ? ReadLedger(path, arguments.Value("--report")) : null;
        if (!isPackage && arguments.Has("--report")) throw Arguments.Usage($"--report is for packages, which carry the ledger; {path} is none");
        var report = Read(path, arguments.Value("--arch") ?? ArchitectureTable.Auto, FormOptions.Parse(arguments)) with { Sensitivity = ledger };
        if (arguments.Has("--json")) Json.WriteLine(terminal.Out, report, Json.Default.InspectReport);
        else Print(terminal.Out, report);
        return ExitCode.Done;
    }

    private static InspectReport Read(string path, string architecture, NetworkForm form)
    {
        var network = Open(path, architecture, form);
        var facts = GraphFacts.Of(network.Graph);
        var (fused, obstacle) = FusedAdds(network.Graph);
        return new()
        {
            File = path,
            Format = network.Format,
            Architecture = network.Architecture,
            Precision = facts.IsQuantized ? "int8" : "fp32",
            Macs = facts.Macs,
            Parameters = facts.Parameters,
            ResidualAdds = facts.ResidualAdds,
            FusedResidualAdds = fused,
            NotFused = obstacle,
            InputShape = network.Graph.Inputs[0].Shape.Dimensions.ToArray(),
            OutputShape = network.Graph.Outputs[0].Shape.Dimensions.ToArray(),
            Layers = [.. network.Graph.Nodes.Where(n => n.OpType is OpTypes.Conv or OpTypes.Gemm).Select(n => n.Name)],
        };
    }

    // A network that the fused engine cannot run can be inspected all the same; the reason is part of the answer.
    private static (int? Count, string? Obstacle) FusedAdds(Graph graph)
    {
        try
        {
            using var model = new FusedModel(graph, new EngineOptions());
            return (model.Plan.Steps.Sum(step => step.FusedAdds), null);
        }
        catch (EdgeException e) when (e.Kind is FailureKind.BadInput or FailureKind.Unavailable)
        {
            return (null, e.Message);
        }
    }

    private static bool IsPackage(string path) => Directory.Exists(path) || path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);

    private static SensitivityLedger? ReadLedger(string path, string? page)
    {
        using var package = Package.Open(path);
        var ledger = LedgerFile.Read(package);
        if (page is null) return ledger;
        var frontier = FrontierFile.Read(package);
        if (ledger is null && frontier is null) throw EdgeException.BadInput($"{path}: the package carries no sensitivity ledger; export it again without --ledger none");
        LedgerPage.Write(page, package.Manifest!, ledger, frontier);
        return ledger;
    }

    private static SourceNetwork Open(string path, string architecture, NetworkForm form)
    {
        if (!IsPackage(path)) return SourceNetwork.Open(path, architecture, null, form);
        using var package = Package.Open(path);
        return new(Passes.PassList.Run(package.Model.Graph), "package", package.Name);
    }

    private static void Print(TextWriter writer, InspectReport report)
    {
        const double million = 1e6;
        writer.WriteLine($"{report.File}: {report.Architecture} ({report.Format}), {report.Precision}");
        writer.WriteLine($"  {report.Macs / million:F1} million multiply-accumulates, {report.Parameters / million:F3} million parameters, {report.ResidualAdds} residual adds"
            + (report.FusedResidualAdds is { } fused ? $", {fused} of them fused into a convolution" : $"; not on the fused engine: {report.NotFused}"));
        writer.WriteLine($"  input {string.Join('x', report.InputShape)}, output {string.Join('x', report.OutputShape)}");
        foreach (string layer in report.Layers) writer.WriteLine($"  {layer}");
        if (report.Sensitivity is { } ledger) LedgerTable.Print(writer, ledger);
    }
}
