using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Outputs;

/// <summary>
/// Where results and decisions go. Called on the frame threads, by one at a time, so no call may block or grow without bound: what takes time
/// happens on a thread of its own behind a bounded queue; what finds no room there is dropped and counted. Disposed, a sink leaves what it drives in
/// its safe state.
/// </summary>
internal interface ISink : IDisposable
{
    /// <summary>What it was made from; equal settings after a reload keep the sink open.</summary>
    SinkSettings Settings { get; }

    /// <summary>A frame's result; only for sinks that want results.</summary>
    /// <param name="result">Used again for the next frame: copy what is kept.</param>
    void Accept(FrameResult result);

    /// <summary>A rule that names this sink turned on or off.</summary>
    void Accept(in RuleEvent change);

    /// <summary>For the metrics and the live page; from any thread.</summary>
    SinkStatus Status { get; }

    /// <summary>From the camera's shutter to the change that it caused in the world; null for outputs that cannot know.</summary>
    LatencyHistogram? Latency => null;
}

/// <summary>What became of what a sink was given.</summary>
/// <param name="Name">Of the sink.</param>
/// <param name="Type">As in the configuration: <c>gpio</c>, <c>webhook</c>.</param>
/// <param name="Accepted">Given to it.</param>
/// <param name="Delivered">Written, sent, acknowledged.</param>
/// <param name="Dropped">Lost for want of room or at a limit.</param>
/// <param name="Failures">Attempts that failed; what was retried and then delivered counts here too.</param>
/// <param name="Queued">Waiting now.</param>
/// <param name="LastError">One sentence, or null when the last attempt worked.</param>
internal sealed record SinkStatus(
    string Name, string Type, long Accepted, long Delivered, long Dropped, long Failures, long Queued, string? LastError)
{
    /// <summary>Something was lost within the last ten minutes.</summary>
    public bool IsDropping { get; init; }

    /// <summary>Events that went without their picture; null for outputs without pictures.</summary>
    public long? PicturesMissing { get; init; }
}
