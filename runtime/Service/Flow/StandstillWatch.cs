using System.Globalization;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// Looks four times within the stall time whether a camera's frames are answered. Its frame thread turns rules off itself when the camera fails;
/// should it stand still somewhere (in a driver, a file system, the network), this timer does it in its place. <see cref="Start"/> and
/// <see cref="Dispose"/> are for the service thread; the looks happen on the timer's thread.
/// </summary>
/// <param name="streams">The cameras.</param>
/// <param name="status">Is sent when rules were turned off.</param>
/// <param name="time">Of the timers.</param>
internal sealed class StandstillWatch(IReadOnlyList<CameraStream> streams, StatusLine status, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromMilliseconds(250), ShortestPeriod = TimeSpan.FromMilliseconds(20);
    private readonly ITimer?[] _timers = new ITimer?[streams.Count];

    /// <summary>Begins to look, or looks by another stall time from now on.</summary>
    /// <param name="stream">A camera, by the settings that it has now: without an answered frame for its stall time the rules turn off.</param>
    public void Start(CameraStream stream)
    {
        var stall = stream.Settings.Stall;
        ref var timer = ref _timers[stream.Index];
        timer?.Dispose();
        var period = stall / 4;
        period = period > LongestPeriod ? LongestPeriod : period < ShortestPeriod ? ShortestPeriod : period;
        timer = time.CreateTimer(_ => Look(stream, stall), null, period, period);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var timer in _timers) timer?.Dispose();
    }

    private void Look(CameraStream stream, TimeSpan stall)
    {
        if (stream.Decisions.TryGoBlind(() => Standstill(stream.Liveness, stall))) status.Send();
    }

    private static string? Standstill(Liveness liveness, TimeSpan stall) =>
        liveness.IsOverdue(stall)
            ? string.Create(CultureInfo.InvariantCulture, $"no frame was processed for {liveness.Age.TotalSeconds:F1} s") : null;
}
