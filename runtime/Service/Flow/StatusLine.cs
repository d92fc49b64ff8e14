using System.Globalization;
using ResNetEdge.Device;
using ResNetEdge.Service.Systemd;

namespace ResNetEdge.Service.Flow;

/// <summary>How the service does in one line, for <c>systemctl status</c>. For any thread.</summary>
/// <param name="state">The service's state, which is only read.</param>
/// <param name="notifier">The service manager.</param>
/// <param name="time">For the rate of frames.</param>
internal sealed class StatusLine(ServiceState state, Notifier notifier, TimeProvider time)
{
    /// <summary>
    /// Where the service is: where its cameras are, if that is the same; running while any camera gives frames that are answered.
    /// </summary>
    public ServicePhase Phase
    {
        get
        {
            var first = state.Streams[0].Decisions.Phase;
            bool any = false, all = true;
            foreach (var stream in state.Streams)
            {
                any |= stream.Decisions.Phase is ServicePhase.Running;
                all &= stream.Decisions.Phase == first;
            }

            return all ? first : any ? ServicePhase.Running : ServicePhase.Blind;
        }
    }

    /// <summary>What is wrong, one sentence without secrets; null while everything is as configured.</summary>
    public string? Trouble => WhatIsWrong() is { } trouble ? SafeAddress.Hide(trouble) : null;

    /// <summary>Phase and rate, or phase and trouble; while other cameras run, the rate and what is wrong with one.</summary>
    public string Text
    {
        get
        {
            var phase = Phase;
            if (phase is not ServicePhase.Running)
                return $"{phase.Name()}: {Trouble ?? (phase is ServicePhase.Asleep ? "waiting to be asked" : "waiting for the first frame")}";
            var now = time.Now();
            double rate = state.Streams.Sum(s => s.Counters.FramesPerSecond(now));
            string missing = state.Streams.Count > 1 && CameraTrouble() is { } trouble ? $"; {SafeAddress.Hide(trouble)}" : "";
            return string.Create(
                CultureInfo.InvariantCulture, $"{phase.Name()}: {rate:F1} frames/s, {state.Parts.Scheduler.OperatingPoint}{missing}");
        }
    }

    /// <summary>Tells the service manager, when the text has changed.</summary>
    public void Send() => notifier.Status(Text);

    private string? WhatIsWrong() => CameraTrouble() ?? state.ConfigurationTrouble ?? ModelTrouble;

    private string? CameraTrouble()
    {
        string[] troubles = [.. from stream in state.Streams
                                where stream.Trouble is not null
                                select stream.Name is null ? stream.Trouble : $"camera '{stream.Name}': {stream.Trouble}"];
        return troubles.Length == 0 ? null : string.Join("; ", troubles);
    }

    private string? ModelTrouble
    {
        get
        {
            string[] leftOut = [.. state.Streams.Select(static s => s.Decisions.LeftOut).OfType<string>().Distinct()];
            return leftOut.Length == 0 ? state.ModelTrouble
                : $"{(state.ModelTrouble is { } trouble ? $"{trouble}; " : "")}rules are off: {string.Join("; ", leftOut)}";
        }
    }
}
