using System.Globalization;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// Looks four times within the stall time whether frames are answered. The frame thread turns rules off itself when the camera fails; should it
/// stand still somewhere (in a driver, a file system, the network), this timer does it in its place. <see cref="Start"/> and
/// <see cref="Dispose"/> are for the frame thread; the looks happen on the timer's thread.
/// </summary>
/// <param name="liveness">When a frame was answered last.</param>
/// <param name="decisions">Are turned off.</param>
/// <param name="status">Is sent when they were.</param>
/// <param name="time">Of the timer.</param>
internal sealed class StandstillWatch(Liveness liveness, Decisions decisions, StatusLine status, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromMilliseconds(250), ShortestPeriod = TimeSpan.FromMilliseconds(20);
    private ITimer? _timer;

    /// <summary>Begins to look, or looks by another camera's stall time from now on.</summary>
    /// <param name="stall">Without an answered frame for so long the rules turn off.</param>
    public void Start(TimeSpan stall)
    {
        _timer?.Dispose();
        var period = stall / 4;
        period = period > LongestPeriod ? LongestPeriod : period < ShortestPeriod ? ShortestPeriod : period;
        _timer = time.CreateTimer(_ => Look(stall), null, period, period);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Look(TimeSpan stall)
    {
        if (decisions.TryGoBlind(() => Standstill(stall))) status.Send();
    }

    private string? Standstill(TimeSpan stall) =>
        liveness.IsOverdue(stall)
            ? string.Create(CultureInfo.InvariantCulture, $"no frame was processed for {liveness.Age.TotalSeconds:F1} s") : null;
}
