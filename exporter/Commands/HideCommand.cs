using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Hiding;
using ResNetEdge.Exporter.Reports;

namespace ResNetEdge.Exporter.Commands;

/// <summary><c>hide</c>: a package's network without the residual blocks that it misses least.</summary>
internal static class HideCommand
{
    /// <summary>The verb.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "hide",
        Summary = "Makes a package faster: leaves out the residual blocks that it misses least, and repairs what they leave.",
        Operands = "PACKAGE",
        MinOperands = 1,
        MaxOperands = 1,
        Options =
        [
            new("--evaluate", "DIR", "Labelled pictures, one folder per class; half of them choose, the other half judges. Needed."),
            new("--choose", "DIR", "Other pictures to choose with, labelled or not; then all of --evaluate judges."),
            new("--choose-images", "N", $"Most pictures to choose with, evenly spread; default {HideOptions.DefaultChoosingImages}."),
            new("--max-drop", "POINTS", "Percentage points of top-1 that may be lost; default 1.0. If every level loses more, nothing is written."),
            new("-o", "PACKAGE", "Where the new package goes: a folder, or a .zip. Needed."),
            new("--model-version", "N", "The new package's model version; default as that of the package."),
            new("--ladder", null, "Keeps the whole network and adds the shortened ones as levels ('resnetedge run --level N')."),
            new("--block", "NAME", "Hides this block instead of choosing.", Repeats: true),
            new("--most-blocks", "N", $"Most blocks to hide; default {HideOptions.DefaultMostBlocks}."),
            new("--no-refit", null, "Repairs the hidden block alone and leaves all other weights as they are: a small ladder, but more is lost."),
            new("--threads", "N", "Pictures at a time when accuracy is measured; default 1."),
            ModelMib.Option,
            new("--json", null, "Prints JSON instead of words."),
        ],
        Notes = """
            Blocks are chosen by how little the network's answers change, each tried with its repair; no label is looked at for that. The
            frontier (accuracy, agreement, multiply-accumulates, bytes, latency by level) is printed and kept in the package as frontier.json.

              resnetedge-export hide resnet56 --evaluate test --max-drop 1.0 -o resnet56-short
            """,
        Run = Run,
    };

    private static ExitCode Run(Arguments arguments, Terminal terminal)
    {
        ModelMib.Read(arguments);
        var report = HidePipeline.Run(HideOptions.Parse(arguments), terminal.Error.WriteLine);
        if (arguments.Has("--json")) Json.WriteLine(terminal.Out, report, FrontierJson.Default.HideReport);
        else report.Print(terminal.Out);
        return ExitCode.Done;
    }
}
