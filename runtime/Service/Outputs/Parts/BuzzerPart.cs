using System.Device.Pwm;
using Iot.Device.Buzzer;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A buzzer, by the class of Iot.Device.Bindings.</summary>
/// <param name="channel">Disposed with it.</param>
/// <param name="settings">Tone and beeps.</param>
/// <param name="now">The monotonic clock.</param>
internal sealed class BuzzerPart(PwmChannel channel, BuzzerSettings settings, Func<TimeSpan> now) : IPart
{
    private readonly Buzzer _buzzer = new(channel);
    private bool _isSounding;
    private long _heard; // of the rules' turning on
    private int _changes; // between tone and silence that are still to come
    private TimeSpan _next;

    /// <inheritdoc/>
    public TimeSpan? Show(in PartView view)
    {
        bool isNew = view.TurnedOn != _heard;
        _heard = view.TurnedOn;
        if (settings.Beeps == 0)
        {
            Sound(view.IsOn);
            return null;
        }

        var time = now();
        if (isNew) (_changes, _next) = ((2 * settings.Beeps) - (_isSounding ? 1 : 0), _isSounding ? time + settings.Beep : time); // begins again
        if (_changes == 0) return null;
        if (time < _next) return _next - time;
        Sound(!_isSounding);
        _next = time + settings.Beep;
        return --_changes == 0 ? null : settings.Beep;
    }

    /// <inheritdoc/>
    public void Leave() => Sound(false);

    /// <inheritdoc/>
    public void Dispose() => _buzzer.Dispose();

    private void Sound(bool isSounding)
    {
        if (isSounding == _isSounding) return;
        if (isSounding) _buzzer.StartPlaying(settings.Hertz);
        else _buzzer.StopPlaying();
        _isSounding = isSounding;
    }
}
