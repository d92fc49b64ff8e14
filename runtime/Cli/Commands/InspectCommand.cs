using ResNetEdge.Cli.Reports;
using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Estimates;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Passes;

namespace ResNetEdge.Cli.Commands;

/// <summary><c>resnetedge inspect</c>: what a model is made of and what it costs.</summary>
internal static class InspectCommand
{
    private const double Million = 1e6, Kibi = 1024;

    private static readonly Option Device = new(
        "--device", "NAME", "Also estimates the time of the engine cuda on a board: " + string.Join(", ", GpuBoard.All.Select(b => b.Name)) + ".")
    {
        Choices = [.. GpuBoard.All.Select(b => b.Name)],
    };

    public static Verb Verb { get; } = new()
    {
        Name = "inspect",
        Summary = "Describes a model: operations, parameters, inputs, outputs.",
        Operands = "PACKAGE|ONNX",
        MinOperands = 1,
        MaxOperands = 1,
        Options = [InputShapeOption.Option, Device, CommonOptions.ModelMib, CommonOptions.Json],
        Notes = "macs are the multiply-accumulates of one inference; "
            + "fused_residual_adds are the adds that the fused engine performs inside a convolution or matrix product.",
        Run = Run,
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        ModelMib.Read(arguments);
        using var package = Package.Open(arguments.Operands[0], null, InputShapeOption.Read(arguments));
        var estimate = arguments.Value(Device.Name) is { } board ? EstimateReport.Of(package.Model.Graph, GpuBoard.Find(board)) : null;
        var report = Read(package, terminal.Error.WriteLine) with { Estimate = estimate };
        if (arguments.Has(CommonOptions.Json.Name)) Json.WriteLine(terminal.Out, report, Json.Default.InspectReport);
        else Print(terminal.Out, report);
        return ExitCode.Done;
    }

    private static InspectReport Read(Package package, Action<string> note)
    {
        var file = package.Model.Graph;
        var graph = PassList.Read(file);
        var facts = GraphFacts.Of(graph);
        var plan = PlanOf(graph, note, out string? obstacle);
        return new InspectReport
        {
            Model = package.Path,
            Name = package.Manifest?.Name ?? graph.Name,
            Opset = file.Opset,
            Precision = package.Manifest?.Precision ?? facts.Precision,
            Macs = facts.Macs,
            Parameters = facts.Parameters,
            ResidualAdds = facts.ResidualAdds,
            Inputs = [.. graph.Inputs.Select(ValueReport.Of)],
            Outputs = [.. graph.Outputs.Select(ValueReport.Of)],
            Operators = facts.Operators,
            Task = package.Manifest?.Task,
            Labels = package.Labels?.Count,
            Accuracy = package.Manifest?.Accuracy,
            Ladder = package.Manifest?.Ladder is { } ladder ? [.. ladder.Rungs.Select(LevelReport.Of)] : null,
            Preprocess = package.Manifest?.Preprocess,
            ModelVersion = package.ModelVersion,
            ExporterVersion = package.Manifest?.ExporterVersion,
            FusedResidualAdds = plan?.FusedResidualAdds,
            Plan = plan,
            NotFused = obstacle,
        };
    }

    /// <summary>What the fused engine makes of it; null, with the reason, where it cannot run the model.</summary>
    private static PlanReport? PlanOf(Graph graph, Action<string> note, out string? obstacle)
    {
        try
        {
            using var model = new FusedModel(graph, new EngineOptions());
            foreach (string sentence in model.Notes) note(sentence);
            obstacle = null;
            return PlanReport.Of(model.Plan, model.Tier.Name);
        }
        catch (EdgeException e)
        {
            foreach (string sentence in graph.Notes) note(sentence);
            obstacle = e.Message;
            return null;
        }
    }

    private static void Print(TextWriter writer, InspectReport report)
    {
        writer.WriteLine($"{report.Model}: {report.Name}{(report.ModelVersion is { } version ? $" version {version}" : "")}, "
            + $"{report.Precision}, opset {report.Opset}");
        writer.WriteLine($"  {report.Macs / Million:F1} million multiply-accumulates, {report.Parameters / Million:F3} million parameters");
        writer.WriteLine($"  {report.ResidualAdds} residual adds"
            + (report.FusedResidualAdds is { } fused
                ? $", {fused} of them fused into a convolution"
                : $"; not on the fused engine: {report.NotFused}"));
        if (report.Accuracy is { } accuracy)
            writer.WriteLine(
                $"  {100 * accuracy.Top1:F2} % of {accuracy.Images} pictures right at export ({100 * accuracy.ReferenceTop1:F2} % in fp32)");
        foreach (var level in report.Ladder ?? [])
            writer.WriteLine($"  level {level.Level}: {level.Macs / Million:F1} million multiply-accumulates, "
                + $"{100 * level.Accuracy.Top1:F2} % of {level.Accuracy.Images} pictures right "
                + $"(whole network {100 * level.Accuracy.ReferenceTop1:F2} %), without {string.Join(", ", level.HiddenBlocks)}");
        foreach (var input in report.Inputs) writer.WriteLine($"  input  {Words(input)}");
        foreach (var output in report.Outputs) writer.WriteLine($"  output {Words(output)}");
        foreach (var (name, count) in report.Operators) writer.WriteLine($"  {count,5} {name}");
        report.Estimate?.Print(writer);
        if (report.Plan is not { } plan) return;
        writer.WriteLine($"  on the fused engine, tier {plan.Tier}: {plan.Steps} steps, arena {plan.ArenaBytes / Kibi:F0} KiB, "
            + $"packed weights {plan.PackedBytes / Kibi:F0} KiB");
        foreach (var (kernel, count) in plan.Kernels) writer.WriteLine($"  {count,5} {kernel}");
    }

    private static string Words(ValueReport value) => $"'{value.Name}' {value.Type} {string.Join('x', value.Shape)}";
}
