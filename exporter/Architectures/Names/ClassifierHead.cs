namespace ResNetEdge.Exporter.Architectures.Names;

/// <summary>
/// Finds the linear classifier under its usual names: <c>fc</c>, <c>linear</c>, <c>classifier</c>, <c>head</c> and similar, or the one
/// Linear of a Sequential of that name (<c>fc.1</c> behind a Dropout, which inference leaves out).
/// </summary>
internal static class ClassifierHead
{
    private static readonly string[] Modules =
    [
        "fc", "linear", "classifier", "head", "last_linear", "output", "out", "logits", "cls", "cls_head", "classification_head", "output_layer",
        "fc_layer", "dense", "final",
    ];

    private const string Weight = ".weight";

    /// <summary>Whether a parameter bears the name of a classifier, or of something in it.</summary>
    public static bool Has(string name) => name.IndexOf('.') is > 0 and var dot && Modules.Contains(name[..dot]);

    /// <summary>
    /// The prefix of the classifier's parameters; the first of <paramref name="usual"/> when there is none, so that its absence is recorded.
    /// </summary>
    /// <param name="parameters">Of the network.</param>
    /// <param name="usual">The family's own names; taken when they are there.</param>
    public static string Find(ParameterSource parameters, params ReadOnlySpan<string> usual)
    {
        foreach (string prefix in usual)
            if (parameters.Has(prefix + Weight)) return prefix;
        string[] linear = [.. parameters.Distinct(n => n.EndsWith(Weight, StringComparison.Ordinal) && Has(n), rank: 2)
            .Select(n => n[..^Weight.Length])];
        if (linear.Length > 1)
            parameters.Misfit(
                linear[1] + Weight, $"belongs to one of {linear.Length} linear layers of the head, and the file does not say what is between them");
        return linear.Length > 0 ? linear[0] : usual[0];
    }
}
