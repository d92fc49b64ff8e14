using ResNetEdge.Exporter.Checkpoints;

namespace ResNetEdge.Exporter.Architectures;

/// <summary>Says how far a checkpoint fits the family nearest to it: how many parameters do, which of them do not and why.</summary>
internal static class MisfitText
{
    private const int ShownParameters = 3;

    /// <summary>A clause without a full stop. Parameters bear the names that the file gives them.</summary>
    public static string Of(StateDict weights, ParameterSource parameters)
    {
        string misfits = string.Join(", ", parameters.Mismatches.Select(m => $"{FileText.Quote(weights.NameInFile(m.Parameter))} {m.Reason}"));
        int more = parameters.MismatchCount - parameters.Mismatches.Count;
        string clause = $"{parameters.Fitted} of the file's {weights.Names.Count} parameters fit it, "
            + $"but {misfits}{(more > 0 ? $", and {more} more do not fit" : "")}";
        if (2 * parameters.Fitted >= weights.Names.Count) return clause;
        var first = weights.Names.Take(ShownParameters).Select(n => $"{FileText.Quote(weights.NameInFile(n))} of shape {weights[n]!.Shape}");
        return $"{clause}; the file begins with {string.Join(", ", first)}";
    }
}
