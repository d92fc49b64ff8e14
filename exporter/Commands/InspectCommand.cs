using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Hiding;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Exporter.Reports;
using ResNetEdge.Exporter.Sensitivity;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Commands;

/// <summary><c>inspect</c>: what a checkpoint, ONNX file or package is made of.</summary>
internal static class InspectCommand
{
    /// <summary>Command line of <c>inspect</c>.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "inspect",
        Summary = "Describes a checkpoint, ONNX file or package.",
        Operands = "FILE",
        MinOperands = 1,
        MaxOperands = 1,
        Options =
        [
            new("--arch", "NAME", $"For a checkpoint: {ArchitectureTable.Auto} (default), {ArchitectureTable.Names}."),
            .. FormOptions.All,
            new("--report", "FILE",
                "For a package: writes its sensitivity report, and the frontier measured by 'hide', as a self-contained HTML page."),
            ModelMib.Option,
            new("--json", null, "Prints JSON instead of text."),
        ],
        Notes = "The layer names are those that 'export --keep-fp32' accepts.",
        Run = Run,
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        ModelMib.Read(arguments);
        string path = arguments.Operands[0];
        bool isPackage = IsPackage(path);
        var sensitivity = isPackage ? ReadSensitivity(path, arguments.Value("--report")) : null;
        if (!isPackage && arguments.Has("--report"))
            throw Arguments.Usage($"--report needs a package, which carries a sensitivity report; {path} is not a package");
        var report = Read(path, arguments.Value("--arch") ?? ArchitectureTable.Auto, FormOptions.Parse(arguments)) with { Sensitivity = sensitivity };
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
            Precision = network.IsHalf && !network.IsQuantized ? Precisions.Fp16 : facts.Precision,
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

    private static SensitivityReport? ReadSensitivity(string path, string? page)
    {
        using var package = Package.Open(path);
        var sensitivity = SensitivityFile.Read(package);
        if (page is null) return sensitivity;
        var frontier = FrontierFile.Read(package);
        if (sensitivity is null && frontier is null)
            throw EdgeException.BadInput($"{path}: the package has no sensitivity report; export it again without --sensitivity none");
        SensitivityPage.Write(page, package.Manifest!, sensitivity, frontier);
        return sensitivity;
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
        writer.WriteLine($"  {report.Macs / million:F1} million multiply-accumulates, {report.Parameters / million:F3} million "
            + $"parameters, {report.ResidualAdds} residual adds"
            + (report.FusedResidualAdds is { } fused
                ? $", {fused} of them fused into a convolution"
                : $"; not on the fused engine: {report.NotFused}"));
        writer.WriteLine($"  input {string.Join('x', report.InputShape)}, output {string.Join('x', report.OutputShape)}");
        foreach (string layer in report.Layers) writer.WriteLine($"  {layer}");
        if (report.Sensitivity is { } sensitivity) SensitivityTable.Print(writer, sensitivity);
    }
}
