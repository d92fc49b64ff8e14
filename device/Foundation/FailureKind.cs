namespace ResNetEdge;

/// <summary>What kind of expected failure an <see cref="EdgeException"/> tells of.</summary>
public enum FailureKind
{
    /// <summary>A defect of this project, where it must not end the caller: a service goes on with what it has.</summary>
    Defect,

    /// <summary>The caller asked for something that does not exist: an unknown name, a wrong combination of options.</summary>
    Usage,

    /// <summary>A model, checkpoint, picture, package or configuration is missing, damaged or not supported.</summary>
    BadInput,

    /// <summary>Something well-formed is refused: accuracy lost, verification or signature failed.</summary>
    Refused,

    /// <summary>An engine, instruction set, device or permission that the request needs is missing.</summary>
    Unavailable,
}
