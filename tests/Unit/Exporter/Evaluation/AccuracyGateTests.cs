using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Metrics;

namespace ResNetEdge.Tests.Unit.Exporter.Evaluation;

public class AccuracyGateTests
{
    [Fact]
    public void A_loss_within_the_bound_passes_without_measuring_layers() =>
        AccuracyGate.Check(Counted(99, 100), 1.0, () => throw new InvalidOperationException("measured"));

    [Fact]
    public void A_gain_passes() => AccuracyGate.Check(Counted(100, 90), 0, () => throw new InvalidOperationException("measured"));

    [Fact]
    public void A_greater_loss_is_refused_and_names_figures_and_layers()
    {
        var refused = Assert.Throws<EdgeException>(() => AccuracyGate.Check(Counted(90, 95), 1.0, () => [new("layer3.conv", 0.01, 0.009), new("fc", 0.02, -0.1)]));
        Assert.Equal(ExitCode.Refused, refused.Code);
        Assert.Contains("90 of 100", refused.Message, StringComparison.Ordinal);
        Assert.Contains("5.00 points", refused.Message, StringComparison.Ordinal);
        Assert.Contains("layer3.conv (SQNR 20.0 dB)", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("fc (", refused.Message, StringComparison.Ordinal);
    }

    // 100 pictures of class 0: the first ones right, the others answered with class 1.
    private static Accuracy Counted(int right, int referenceRight)
    {
        var accuracy = new Accuracy();
        for (int i = 0; i < 100; i++) accuracy.Add(i < right ? [1f, 0] : [0f, 1], i < referenceRight ? [1f, 0] : [0f, 1], 0);
        return accuracy;
    }
}
