using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Hiding;
using ResNetEdge.Exporter.Reports;

namespace ResNetEdge.Exporter.Commands;

/// <summary><c>hide</c>: a package's network without the residual blocks that it misses least.</summary>
internal static class HideCommand
{
    /// <summary>Command line of <c>hide</c>.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "hide",
        Summary = "Makes a package faster: hides (prunes) the residual blocks that matter least and repairs the rest.",
        Operands = "PACKAGE",
        MinOperands = 1,
        MaxOperands = 1,
        Options =
        [
            new("--evaluate", "DIR",
                "Labelled pictures, one folder per class; half of them choose the blocks, the other half measure the result. Required."),
            new("--choose", "DIR", "Separate pictures for choosing the blocks, labelled or not; all of --evaluate then measures the result."),
            new("--choose-images", "N", $"Maximum number of pictures for choosing, evenly spread; default {HideOptions.DefaultChoosingImages}."),
            new("--max-drop", "POINTS", "Percentage points of top-1 that may be lost; default 1.0. If every level loses more, nothing is written."),
            new("-o", "PACKAGE", "Where to write the new package: a folder or a .zip file. Required."),
            new("--model-version", "N", "The new package's model version; default: that of the package."),
            new("--ladder", null, "Keeps the whole network and adds the shortened ones as levels ('resnetedge run --level N')."),
            new("--block", "NAME", "Hides (prunes) this block instead of choosing blocks.", Repeats: true),
            new("--most-blocks", "N", $"Maximum number of blocks to hide; default {HideOptions.DefaultMostBlocks}."),
            new("--no-refit", null,
                "Repairs only the hidden block and leaves all other weights unchanged: a smaller ladder, but more accuracy lost."),
            new("--threads", "N", "Number of pictures at a time when measuring accuracy; default 1."),
            ModelMib.Option,
            new("--json", null, "Prints JSON instead of text."),
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
