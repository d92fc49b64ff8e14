using ResNetEdge.Exporter;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Exporter.MixedPrecision;

public class FloatLayersTests
{
    [Fact]
    public void A_generous_budget_keeps_the_costliest_layers_in_fp32_and_names_them()
    {
        using var folder = new TempFolder();
        var said = new List<string>();
        string demo = Path.Combine(House.Root, "exporter", "Demo");
        Pipeline.Run(new()
        {
            Checkpoint = Path.Combine(demo, "fashion-resnet14.safetensors"),
            Output = folder["mixed"],
            Preset = Presets.Find("fashion-mnist"),
            Calibration = Path.Combine(demo, "calibration"),
            CalibrationImages = 20,
            MaxSlowdownPercent = 1000, // whatever the machine's noise, it is never reached
            Sensitivity = SensitivityScope.None,
        }, said.Add);
        string[] names = said.Single(s => s.StartsWith("in fp32: ", StringComparison.Ordinal))["in fp32: ".Length..].Split(';')[0].Split(", ");
        Assert.NotEmpty(names);
        using var package = Package.Open(folder["mixed"]);
        var graph = package.Model.Graph;
        var quantized = graph.Nodes.Where(n => n.OpType == "DequantizeLinear").Select(n => n.Output).ToHashSet();
        foreach (var node in graph.Nodes.Where(n => n.OpType is "Conv" or "Gemm" or "Add"))
            Assert.Equal(!names.Contains(node.Name), node.Inputs.Any(quantized.Contains));
    }
}
