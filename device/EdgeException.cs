namespace ResNetEdge;

/// <summary>
/// An expected failure: one sentence for people (what, where, what to do) and the exit code that belongs to it.
/// Everything else that escapes is a defect (<see cref="ExitCode.Defect"/>).
/// </summary>
public sealed class EdgeException : Exception
{
    /// <summary>Creates a failure with its exit code.</summary>
    public EdgeException(ExitCode code, string message, Exception? inner = null) : base(message, inner) => Code = code;

    /// <summary>How a program that meets this failure exits.</summary>
    public ExitCode Code { get; }

    /// <summary>Whether the fault lies in what a model means, so that no other engine may take it either.</summary>
    public bool ConcernsEveryEngine { get; init; }

    /// <summary>A model, checkpoint, picture, package or configuration that cannot be used.</summary>
    public static EdgeException BadInput(string message, Exception? inner = null) => new(ExitCode.BadInput, message, inner);

    /// <summary>Something well-formed that we refuse: accuracy, verification, signature.</summary>
    public static EdgeException Refused(string message) => new(ExitCode.Refused, message);

    /// <summary>An engine, instruction set, device or permission that is missing.</summary>
    public static EdgeException Unavailable(string message, Exception? inner = null) => new(ExitCode.Unavailable, message, inner);
}
