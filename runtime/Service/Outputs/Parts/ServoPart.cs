using System.Device.Pwm;
using Iot.Device.ServoMotor;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A servo, by the class of Iot.Device.Bindings. It holds its angle as long as pulses come.</summary>
internal sealed class ServoPart : IPart
{
    private static readonly TimeSpan TurningTime = TimeSpan.FromMilliseconds(300); // common servos need it for 180 degrees
    private readonly ServoMotor _motor;
    private readonly ServoSettings _settings;
    private double? _angle;

    /// <summary>Takes a channel, which is disposed with it.</summary>
    public ServoPart(PwmChannel channel, ServoSettings settings)
    {
        _settings = settings;
        _motor = new ServoMotor(channel, settings.Range, settings.ShortestUs, settings.LongestUs);
    }

    /// <inheritdoc/>
    public TimeSpan? Show(in PartView view)
    {
        Turn(view.IsOn ? _settings.On : _settings.Off);
        return null;
    }

    /// <inheritdoc/>
    public void Leave()
    {
        if (_angle == _settings.Off) return;
        Turn(_settings.Off);
        Thread.Sleep(TurningTime); // without pulses it stays where it is by then
    }

    /// <inheritdoc/>
    public void Dispose() => _motor.Dispose();

    private void Turn(double angle)
    {
        bool isFirst = _angle is null;
        _motor.WriteAngle(angle);
        if (isFirst) _motor.Start(); // with the right pulse from the first one on
        _angle = angle;
    }
}
