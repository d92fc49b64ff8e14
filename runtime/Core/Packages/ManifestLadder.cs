namespace ResNetEdge.Packages;

/// <summary>
/// Shorter forms of the network that the package carries besides the whole one: level 0 is the whole network, level N is <see cref="Rungs"/>[N-1].
/// Each hides residual blocks and puts repaired replacements in their place.
/// </summary>
/// <param name="File">ONNX file of the replacements: its inputs are values of the network, its
/// outputs take the place of values of the network.</param>
/// <param name="Rungs">Shorter and shorter.</param>
public sealed record ManifestLadder(string File, IReadOnlyList<ManifestRung> Rungs)
{
    /// <summary>A manifest with more rungs is refused.</summary>
    public const int MaxRungs = 1000;
}

/// <summary>One level of a ladder.</summary>
/// <param name="HiddenBlocks">Names of the blocks that this level leaves out, for people.</param>
/// <param name="Splices">What takes the place of what.</param>
/// <param name="Macs">Multiply-accumulates of one inference at this level.</param>
/// <param name="Accuracy">On pictures that no choice was made with; the reference is the whole network.</param>
/// <param name="MaxAbsDifference">At this level an engine passes <c>verify</c> when no element of an output differs by more.</param>
public sealed record ManifestRung(
    IReadOnlyList<string> HiddenBlocks, IReadOnlyList<ManifestSplice> Splices, long Macs, ManifestAccuracy Accuracy, double MaxAbsDifference)
{
    /// <summary>Nor may the root mean square of an output's differences be larger; null: not looked at.</summary>
    public double? MaxRmsDifference { get; init; }
}

/// <summary>One replacement. What only the replaced value needed is left out with it.</summary>
/// <param name="Value">A value of the network.</param>
/// <param name="With">The output of the ladder's file that is taken instead; of the same type and shape.</param>
public sealed record ManifestSplice(string Value, string With);
