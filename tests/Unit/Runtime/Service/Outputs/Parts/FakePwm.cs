using System.Device.Pwm;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Parts;

/// <summary>A PWM channel that remembers each state that it was given: length of the pulses in microseconds, or 0 when it stands still.</summary>
internal sealed class FakePwm(int frequency, double dutyCycle) : PwmChannel
{
    private readonly Lock _turn = new();
    private readonly List<double> _pulses = [];
    private int _frequency = frequency;
    private double _dutyCycle = dutyCycle;
    private bool _runs;

    public IReadOnlyList<double> Pulses
    {
        get
        {
            lock (_turn) return [.. _pulses];
        }
    }

    public bool IsGone { get; set; }

    public bool IsDisposed { get; private set; }

    public override int Frequency
    {
        get => _frequency;
        set => Change(() => _frequency = value);
    }

    public override double DutyCycle
    {
        get => _dutyCycle;
        set => Change(() => _dutyCycle = value);
    }

    public override void Start() => Change(() => _runs = true);

    public override void Stop() => Change(() => _runs = false);

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private void Change(Action change)
    {
        if (IsGone) throw new IOException("/sys/class/pwm/pwmchip0/pwm0/duty_cycle does not accept '0': no such device");
        lock (_turn)
        {
            change();
            double pulse = _runs ? Math.Round(_dutyCycle * 1_000_000 / _frequency, 3) : 0;
            if (_pulses.Count == 0 || _pulses[^1] != pulse) _pulses.Add(pulse);
        }
    }
}
