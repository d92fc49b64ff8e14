namespace ResNetEdge.CommandLine;

/// <summary>Which exit code belongs to which failure, and what the codes mean.</summary>
public static class ExitCodes
{
    /// <summary>Every code and its meaning, for help texts and manual pages.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        ((int)ExitCode.Done, "done"), ((int)ExitCode.Defect, "internal error"), ((int)ExitCode.Usage, "usage"), ((int)ExitCode.BadInput, "bad input"),
        ((int)ExitCode.Refused, "refused"), ((int)ExitCode.Unavailable, "engine, device or permission missing"),
    ];

    /// <summary>How a program that meets a failure of this kind exits.</summary>
    public static ExitCode Of(FailureKind kind) => kind switch
    {
        FailureKind.Usage => ExitCode.Usage,
        FailureKind.BadInput => ExitCode.BadInput,
        FailureKind.Refused => ExitCode.Refused,
        FailureKind.Unavailable => ExitCode.Unavailable,
        _ => ExitCode.Defect,
    };
}
