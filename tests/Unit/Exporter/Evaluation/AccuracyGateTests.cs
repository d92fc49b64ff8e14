using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Sensitivity;
using ResNetEdge.Metrics;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Evaluation;

public class AccuracyGateTests
{
    [Fact]
    public void A_loss_within_the_bound_passes_without_measuring_layers() =>
        AccuracyGate.Check(Precisions.Int8, Counted(99, 100), 1.0, () => throw new InvalidOperationException("measured"));

    [Fact]
    public void A_gain_passes() => AccuracyGate.Check(Precisions.Int8, Counted(100, 90), 0, () => throw new InvalidOperationException("measured"));

    [Fact]
    public void A_greater_loss_is_refused_and_names_figures_and_layers()
    {
        var refused = Assert.Throws<EdgeException>(() => AccuracyGate.Check(Precisions.Int8, Counted(90, 95), 1.0, () => GateAdvice.Of(Sensitivity(
            Layer("layer3.conv", 20, 0.01), Layer("fc", 12, 0.3), Layer("stem", 60, 0.0001)))));
        Assert.Equal(FailureKind.Refused, refused.Kind);
        Assert.Contains("90 of 100", refused.Message, StringComparison.Ordinal);
        Assert.Contains("5.00 points", refused.Message, StringComparison.Ordinal);
        Assert.Contains("fc (SQNR 12.0 dB, KL 0.3000 nats), layer3.conv (SQNR 20.0 dB", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Try --keep-fp32 'fc' --keep-fp32 'layer3.conv' (50.0 % of the multiply-accumulates)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_sensitivity_report_it_still_says_what_to_try()
    {
        var refused = Assert.Throws<EdgeException>(() => AccuracyGate.Check(Precisions.Int8, Counted(90, 95), 1.0, () => GateAdvice.Of(null)));
        Assert.Contains("--calibration-images", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            "may be chance",
            Assert.Throws<EdgeException>(() => AccuracyGate.Check(Precisions.Int8, Counted(94, 95), 0.5, () => GateAdvice.Of(null))).Message,
            StringComparison.Ordinal);
    }

    private static SensitivityReport Sensitivity(params LayerEntry[] layers) =>
        new() { Images = 4, HidingImages = 0, HasLabels = false, Macs = 40, Layers = layers, Blocks = [] };

    private static LayerEntry Layer(string name, double sqnrDb, double klNats) => new(name, "Conv", 10, new(sqnrDb, 1, klNats, 1));

    // 100 pictures of class 0: the first ones right, the others answered with class 1.
    private static Accuracy Counted(int right, int referenceRight)
    {
        var accuracy = new Accuracy();
        for (int i = 0; i < 100; i++) accuracy.Add(i < right ? [1f, 0] : [0f, 1], i < referenceRight ? [1f, 0] : [0f, 1], 0);
        return accuracy;
    }
}
