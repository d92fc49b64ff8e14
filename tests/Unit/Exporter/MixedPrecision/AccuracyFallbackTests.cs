using ResNetEdge.Engines;
using ResNetEdge.Exporter.MixedPrecision;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Progress;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Exporter.Sensitivity;
using ResNetEdge.Model;
using ResNetEdge.Tests.Unit.Exporter.Quantization;

namespace ResNetEdge.Tests.Unit.Exporter.MixedPrecision;

public class AccuracyFallbackTests
{
    private static readonly SensitivityAnalysis Analysis = new(static g => new FusedEngine(g, new EngineOptions()), ProgressDisplay.None);
    private static readonly SensitivityPictures Pictures = new(6, static (engine, i) => engine.SetInput<float>(0, TestGraphs.Picture(i)));

    [Fact]
    public void A_network_that_is_near_enough_keeps_all_in_int8_and_nothing_is_said()
    {
        var network = Network();
        double whole = Analysis.Distance(network.Fp32, network.Int8, Pictures).SqnrDb;
        Assert.Empty(AccuracyFallback.Choose(network, whole - 0.1, Analysis, Pictures, static said => Assert.Fail(said)));
        Assert.Empty(AccuracyFallback.Choose(network, 0, Analysis, Pictures, static said => Assert.Fail(said)));
    }

    [Fact]
    public void The_costliest_layers_return_to_fp32_until_the_outputs_are_near_enough()
    {
        var network = Network();
        double whole = Analysis.Distance(network.Fp32, network.Int8, Pictures).SqnrDb;
        var said = new List<string>();
        var chosen = AccuracyFallback.Choose(network, whole + 1, Analysis, Pictures, said.Add);
        Assert.Contains("--min-sqnr", Assert.Single(said), StringComparison.Ordinal);
        var layers = Analysis.Measure(network.Fp32, network.Int8, SensitivityScope.Layers, Pictures, null);
        long macs = layers.Layers.Where(l => chosen.Contains(l.Layer)).Sum(static l => l.Macs);
        Assert.InRange(macs, 0, layers.Macs / 4);
        Assert.NotEmpty(chosen);
        Assert.DoesNotContain(chosen.Skip(1), name => !layers.Layers.Any(l => l.Layer == name));
        Assert.True(Analysis.Distance(network.Fp32, Network(chosen).Int8, Pictures).SqnrDb > whole, string.Join(", ", chosen));
    }

    /// <summary>No more than a quarter of the work leaves int8, however far the outputs are.</summary>
    [Fact]
    public void A_ratio_that_no_network_reaches_gives_back_all_that_may_be()
    {
        var network = Network();
        var chosen = AccuracyFallback.Choose(network, 100, Analysis, Pictures, static _ => { });
        var layers = Analysis.Measure(network.Fp32, network.Int8, SensitivityScope.Layers, Pictures, null);
        long macs = layers.Layers.Where(l => chosen.Contains(l.Layer)).Sum(static l => l.Macs);
        Assert.InRange(macs, 1, layers.Macs / 4);
    }

    private static QuantizedNetwork Network(IReadOnlyList<string>? floats = null) => Quantizer.Quantize(
        TestGraphs.Residual(), new QuantizationOptions { KeepFp32 = new LayerNames(floats ?? []) },
        static g => new ReferenceEngine(g), Pictures.Count, Pictures.Feed);
}
