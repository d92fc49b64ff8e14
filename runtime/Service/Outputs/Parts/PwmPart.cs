using System.Device.Pwm;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A lamp or a fan on a PWM channel.</summary>
/// <param name="channel">Disposed with it, unless it is to go on with its safe share.</param>
/// <param name="settings">Shares and temperatures.</param>
/// <param name="celsius">Of the hottest zone; null: no sensor answers.</param>
internal sealed class PwmPart(PwmChannel channel, PwmSettings settings, Func<double?> celsius) : IPart
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2); // at the temperature
    private bool _isStarted;
    private bool _stays;

    /// <inheritdoc/>
    public TimeSpan? Show(in PartView view)
    {
        Set(settings.From is not null ? settings.ShareAt(celsius()) : view.IsOn ? settings.On : settings.Off);
        return settings.From is null ? null : LookEvery;
    }

    /// <inheritdoc/>
    public void Leave()
    {
        Set(settings.Safe);
        _stays = settings.Safe > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_stays) channel.Dispose(); // disposing stops it
    }

    private void Set(double share)
    {
        channel.DutyCycle = share;
        if (!_isStarted) channel.Start();
        _isStarted = true;
    }
}
