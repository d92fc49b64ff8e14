using System.Globalization;
using ResNetEdge.Device;
using ResNetEdge.Service.Systemd;

namespace ResNetEdge.Service.Flow;

/// <summary>How the service does in one line, for <c>systemctl status</c>. For any thread.</summary>
/// <param name="state">The service's state, which is only read.</param>
/// <param name="decisions">Their phase is read.</param>
/// <param name="notifier">The service manager.</param>
/// <param name="time">For the rate of frames.</param>
internal sealed class StatusLine(ServiceState state, Decisions decisions, Notifier notifier, TimeProvider time)
{
    /// <summary>What is wrong, one sentence without secrets; null while everything is as configured.</summary>
    public string? Trouble => WhatIsWrong() is { } trouble ? SafeAddress.Hide(trouble) : null;

    /// <summary>Phase and rate, or phase and trouble.</summary>
    public string Text
    {
        get
        {
            var phase = decisions.Phase;
            string more = phase is ServicePhase.Running
                ? string.Create(
                    CultureInfo.InvariantCulture, $"{state.Counters.FramesPerSecond(time.Now()):F1} frames/s, {state.Parts.Scheduler.OperatingPoint}")
                : Trouble ?? (phase is ServicePhase.Asleep ? "waiting to be asked" : "waiting for the first frame");
            return $"{phase.Name()}: {more}";
        }
    }

    /// <summary>Tells the service manager, when the text has changed.</summary>
    public void Send() => notifier.Status(Text);

    private string? WhatIsWrong() => state.Parts.Camera.Trouble ?? (decisions.Phase is ServicePhase.Blind
        ? decisions.Standstill ?? "no frames are arriving from the camera"
        : state.ConfigurationTrouble ?? ModelTrouble);

    private string? ModelTrouble => decisions.LeftOut is not { } leftOut ? state.ModelTrouble
        : state.ModelTrouble is { } trouble ? $"{trouble}; rules are off: {leftOut}" : $"rules are off: {leftOut}";
}
