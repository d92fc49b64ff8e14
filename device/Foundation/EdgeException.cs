namespace ResNetEdge;

/// <summary>
/// An expected failure: one sentence for people (what, where, what to do) and its kind. Everything else that escapes is a defect of this
/// project.
/// </summary>
public sealed class EdgeException : Exception
{
    /// <summary>Creates a failure of a kind.</summary>
    public EdgeException(FailureKind kind, string message, Exception? inner = null) : base(message, inner) => Kind = kind;

    /// <summary>What kind of failure it is; command lines choose their exit code by it.</summary>
    public FailureKind Kind { get; }

    /// <summary>Whether the fault lies in what a model means, so that no other engine may take it either.</summary>
    public bool ConcernsEveryEngine { get; init; }

    /// <summary>A model, checkpoint, picture, package or configuration that cannot be used.</summary>
    public static EdgeException BadInput(string message, Exception? inner = null) => new(FailureKind.BadInput, message, inner);

    /// <summary>Something well-formed that we refuse: accuracy, verification, signature.</summary>
    public static EdgeException Refused(string message) => new(FailureKind.Refused, message);

    /// <summary>An engine, instruction set, device or permission that is missing.</summary>
    public static EdgeException Unavailable(string message, Exception? inner = null) => new(FailureKind.Unavailable, message, inner);
}
