namespace ResNetEdge.Naming;

/// <summary>Finds what someone probably meant to type.</summary>
internal static class Spelling
{
    private const int MostNamed = 12;

    /// <summary>The known word with the fewest typing errors (Levenshtein distance), if they are few for its length; else null.</summary>
    public static string? Nearest(string typed, IEnumerable<string> known)
    {
        var (best, word) = known.Select(k => (Distance: Distance(typed, k), Word: k)).OrderBy(p => p.Distance).FirstOrDefault((int.MaxValue, ""));
        return best <= Math.Max(1, (word.Length + 1) / 3) ? word : null;
    }

    /// <summary>The end of a sentence on an unknown name: what was probably meant, else what there is.</summary>
    public static string Suggestion(string typed, IReadOnlyCollection<string> known)
    {
        if (Nearest(typed, known) is { } near) return $"did you mean '{near}'?";
        if (known.Count == 0) return "there are none";
        string names = string.Join(", ", known.Take(MostNamed).Select(name => $"'{name}'"));
        return $"there {(known.Count == 1 ? "is" : "are")} {names}{(known.Count > MostNamed ? ", ..." : "")}";
    }

    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j < row.Length; j++) row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.Length; j++)
            {
                int replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
