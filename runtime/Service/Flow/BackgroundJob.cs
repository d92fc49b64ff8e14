namespace ResNetEdge.Service.Flow;

/// <summary>One job of <see cref="BackgroundWork"/>, whose lock is around what changes.</summary>
/// <param name="what">It does, for messages: "loading the model".</param>
/// <param name="refused">On the frame thread, when the job is given up.</param>
/// <param name="work">On the background thread; gives what is to be done on the frame thread.</param>
internal sealed class BackgroundJob(string what, Action<EdgeException> refused, Func<BackgroundJob, Action> work)
{
    /// <summary>What it does, for messages.</summary>
    public string What => what;

    /// <summary>Tells the frame thread that the job was given up.</summary>
    public Action<EdgeException> Refused => refused;

    /// <summary>The work, done on the background thread; what it returns is then called on the frame thread.</summary>
    public Func<BackgroundJob, Action> Work => work;

    /// <summary>Closes what the job made, when it was given up meanwhile.</summary>
    public Action Drop { get; set; } = () => { };

    /// <summary>When it began, on the monotonic clock.</summary>
    public TimeSpan Began { get; set; }

    /// <summary>It took too long, and its thread was left behind.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>What a failure is called: an expected one as it is; anything else is a defect, which goes to the log in full.</summary>
    /// <param name="what">What failed, as the beginning of a sentence.</param>
    /// <param name="e">What it threw.</param>
    /// <param name="log">For defects.</param>
    public static EdgeException Refusal(string what, Exception e, Log log)
    {
        if (e is EdgeException expected) return expected;
        if (e is IOException or UnauthorizedAccessException) return EdgeException.Unavailable(e.Message, e);
        if (e is OutOfMemoryException) return EdgeException.Unavailable($"{what}: memory ran out", e);
        log.Error("a defect in this program, which keeps running; please report it", ("while", what), ("defect", e));
        return new EdgeException(
            FailureKind.Defect, $"{what} failed because of a defect in this program ({e.GetType().Name}: {e.Message}); the log has the details", e);
    }
}
