namespace ResNetEdge.Cli.Inputs;

/// <summary>Names of outputs as parts of file names, no two alike.</summary>
internal static class OutputNames
{
    /// <summary>
    /// A slash and control characters become '_'. Names that this makes alike (<c>a/b</c> and
    /// <c>a_b</c>) stay distinct: there those characters and '%' stand as %XX.
    /// </summary>
    /// <param name="names">Of a model's outputs, all different.</param>
    public static string[] Of(IReadOnlyList<string> names)
    {
        string[] files = [.. names.Select(name => Replace(name, static _ => "_"))];
        var alike = files.GroupBy(static file => file, StringComparer.Ordinal).Where(static group => group.Count() > 1)
            .Select(static group => group.Key).ToHashSet(StringComparer.Ordinal);
        for (int i = 0; i < files.Length; i++)
            if (alike.Contains(files[i])) files[i] = Replace(names[i].Replace("%", "%25", StringComparison.Ordinal), static c => $"%{(int)c:X2}");
        // A third name may be spelt like such an escape.
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < files.Length; i++)
            for (int n = 2; !taken.Add(files[i]); n++) files[i] = $"{files[i]}%{n}";
        return files;
    }

    private static string Replace(string name, Func<char, string> with) =>
        string.Concat(name.Select(c => c == '/' || char.IsControl(c) ? with(c) : c.ToString()));
}
