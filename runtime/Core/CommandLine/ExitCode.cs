namespace ResNetEdge.CommandLine;

/// <summary>
/// What a program of this project says to its caller when it ends. The one definition; both command lines return these and nothing else.
/// </summary>
public enum ExitCode
{
    /// <summary>Done as asked.</summary>
    Done = 0,

    /// <summary>A defect of ours: anything not foreseen below.</summary>
    Defect = 1,

    /// <summary>The command line could not be understood.</summary>
    Usage = 2,

    /// <summary>Bad input: a model, checkpoint, picture, package or configuration that is missing, damaged or not supported.</summary>
    BadInput = 3,

    /// <summary>Refused: accuracy lost, verification or signature failed.</summary>
    Refused = 4,

    /// <summary>An engine, instruction set, device or permission that the request needs is not there.</summary>
    Unavailable = 5,
}
