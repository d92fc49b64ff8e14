using ResNetEdge.Service.Outputs.Parts;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Parts;

/// <summary>Servo, buzzer, lamp and fan by the pulses that their channel is given.</summary>
public sealed class PwmTests : IDisposable
{
    private static readonly PwmPlace Place = new("pwmchip0", 0);
    private readonly FakeTime _time = new();
    private readonly SinkBench _bench;
    private volatile FakePwm? _pwm;

    public PwmTests() => _bench = new SinkBench(_time);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_servo_turns_with_the_rules_and_back_at_the_end()
    {
        using (var sink = new ServoSettings("out", Place, 90, 45, 180, 1000, 2000).Open(_bench.Context, Open))
        {
            Until([0, 1250]); // stands still until it knows where to
            sink.Accept(SinkBench.Event(1));
            Until([0, 1250, 1500]);
            sink.Accept(SinkBench.Event(2, isOn: false));
            Until([0, 1250, 1500, 1250]);
            sink.Accept(SinkBench.Event(3));
            Until([0, 1250, 1500, 1250, 1500]);
        }

        Assert.Equal([0, 1250, 1500, 1250, 1500, 1250], _pwm!.Pulses);
        Assert.True(_pwm.IsDisposed);
    }

    [Fact]
    public void A_buzzer_beeps_as_often_as_asked_each_time_a_rule_turns_on()
    {
        using var sink = new BuzzerSettings("out", Place, 1000, 2, TimeSpan.FromMilliseconds(100)).Open(_bench.Context, Open);
        SinkBench.Until(() => sink.Status.Delivered == 1, "the silence at first");
        sink.Accept(SinkBench.Event(1));
        sink.Accept(SinkBench.Event(2, isOn: false)); // at once: it was on all the same
        Until([0, 500, 0, 500, 0]);
        sink.Accept(SinkBench.Event(3));
        Until([0, 500, 0, 500, 0, 500, 0, 500, 0]);
    }

    [Fact]
    public void A_buzzer_without_beeps_sounds_as_long_as_a_rule_is_on_and_never_after_the_end()
    {
        using (var sink = new BuzzerSettings("out", Place, 1000, 0, TimeSpan.FromMilliseconds(100)).Open(_bench.Context, Open))
        {
            sink.Accept(SinkBench.Event(1));
            SinkBench.Until(() => _pwm is { Pulses: [.., 500] }, "the tone");
        }

        Assert.Equal([0, 500, 0], _pwm!.Pulses);
    }

    [Fact]
    public void A_lamp_is_dimmed_by_rules_and_has_its_safe_share_at_the_end()
    {
        using (var sink = new PwmSettings("out", Place, 1000, 0.8, 0.1, null, 20, 0.2).Open(_bench.Context, Open))
        {
            Until([0, 100]);
            sink.Accept(SinkBench.Event(1));
            Until([0, 100, 800]);
        }

        Assert.Equal([0, 100, 800, 200], _pwm!.Pulses);
        Assert.False(_pwm.IsDisposed); // a channel that is given back stops
    }

    [Fact]
    public void A_fan_follows_the_temperature_and_is_full_without_a_sensor()
    {
        double? celsius = 40;
        var context = _bench.Context with { Celsius = () => celsius };
        using var sink = new PwmSettings("out", Place, 1000, 1, 0.2, 50, 70, 1).Open(context, Open);
        Until([0, 200]);
        celsius = 60;
        Until([0, 200, 600]);
        celsius = 90;
        Until([0, 200, 600, 1000]);
        celsius = 50;
        Until([0, 200, 600, 1000, 200]);
        celsius = null;
        Until([0, 200, 600, 1000, 200, 1000]);
    }

    [Fact]
    public void A_chip_that_is_gone_is_told_and_found_again()
    {
        using var sink = new PwmSettings("out", Place, 1000, 1, 0.1, null, 20, 0).Open(_bench.Context, Open);
        Until([0, 100]);
        var first = _pwm!;
        first.IsGone = true;
        sink.Accept(SinkBench.Event(1));
        SinkBench.Until(() => sink.Status.LastError?.Contains("no such device", StringComparison.Ordinal) == true, "the loss");
        SinkBench.Until(() => Tick(() => _pwm != first && _pwm!.Pulses is [.., 1000]), "the lamp to be on again");
        SinkBench.Until(() => sink.Status.LastError is null, "all well again");
    }

    private FakePwm Open(PwmPlace place, int hertz, double share)
    {
        Assert.Equal(Place, place);
        return _pwm = new FakePwm(hertz, share);
    }

    private void Until(double[] pulses) =>
        SinkBench.Until(() => Tick(() => _pwm is { } pwm && pwm.Pulses.SequenceEqual(pulses)), string.Join(' ', pulses));

    private bool Tick(Func<bool> condition)
    {
        if (condition()) return true;
        _time.Advance(TimeSpan.FromMilliseconds(10));
        return false;
    }
}
