using ResNetEdge.Files;

namespace ResNetEdge.Exporter.Datasets;

/// <summary>A file of class names: UTF-8, one a line, in the order of the network's outputs.</summary>
internal static class LabelFile
{
    private const int MaxLabelLength = 1000, MaxBytes = 16 << 20;

    /// <summary>Reads a file.</summary>
    /// <returns>The names as they stand there, blanks at both ends and empty lines at the end taken off.</returns>
    /// <exception cref="EdgeException">Exit 3: it cannot be read, is not UTF-8, or has a line that is not a name.</exception>
    public static string[] Read(string path)
    {
        byte[] bytes = BoundedFile.Read(path, MaxBytes, "label file");
        MistakenFile.Refuse(path, bytes);
        string[] labels = Lines(Utf8Text.Decode(bytes, path));
        int bad = Array.FindIndex(labels, static label => !IsName(label));
        if (bad >= 0) throw EdgeException.BadInput($"{path}: line {bad + 1} is not a label; write one class name per line");
        return labels.Length > 0 ? labels : throw EdgeException.BadInput($"{path}: contains no labels; write one class name per line");
    }

    /// <summary>The names of a text, one a line.</summary>
    public static string[] Lines(string text)
    {
        string[] labels = [.. text.ReplaceLineEndings("\n").Split('\n').Select(static line => line.Trim())];
        while (labels is [.., ""]) labels = labels[..^1];
        return labels;
    }

    /// <summary>Whether a line can be a class name.</summary>
    public static bool IsName(string label) => label.Length is > 0 and <= MaxLabelLength && !label.Any(char.IsControl);

    /// <summary>
    /// The same names, each once: of a name that stands there again the second is numbered 2, the third 3 (<c>crane</c> the bird, <c>crane 2</c> the
    /// machine), or the next number that no other name has.
    /// </summary>
    public static string[] Numbered(IReadOnlyList<string> labels)
    {
        var taken = labels.ToHashSet(StringComparer.Ordinal);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. labels.Select(label =>
        {
            int number = seen.GetValueOrDefault(label) + 1;
            string name = label;
            while (number > 1 && !taken.Add(name = $"{label} {number}")) number++;
            seen[label] = number;
            return name;
        })];
    }
}
