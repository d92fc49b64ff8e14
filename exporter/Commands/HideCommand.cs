using ResNetEdge.CommandLine;

namespace ResNetEdge.Exporter.Commands;

/// <summary><c>hide</c>: known, so that scripts get a clear answer; not part of this version.</summary>
internal static class HideCommand
{
    /// <summary>The verb.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "hide",
        Summary = "Makes a package whose network is hidden. Not part of this version.",
        Operands = "PACKAGE",
        MinOperands = 1,
        MaxOperands = 1,
        Options =
        [
            new("--evaluate", "DIR", "Labelled pictures, one folder per class."),
            new("--max-drop", "POINTS", "Percentage points of top-1 that may be lost; default 1.0."),
            new("-o", "PACKAGE", "Where the hidden package goes."),
            new("--json", null, "JSON on stdout."),
        ],
        Run = static (_, _) => throw EdgeException.Unavailable("'hide' is not part of this version of resnetedge-export; the package stays as it is"),
    };
}
