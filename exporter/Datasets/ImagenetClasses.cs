namespace ResNetEdge.Exporter.Datasets;

/// <summary>The classes of ImageNet (ILSVRC 2012), in the order of networks trained on them. Source: ImagenetClasses.txt, from WordNet 3.0.</summary>
internal static class ImagenetClasses
{
    private const string Resource = "ImagenetClasses.txt";

    private static readonly Lazy<(string[] Ids, string[] Names)> All = new(Read);

    /// <summary>WordNet ids, such as <c>n01440764</c>: what the data set's own folders are called.</summary>
    public static IReadOnlyList<string> Ids => All.Value.Ids;

    /// <summary>Names, each once: the second <c>crane</c> and <c>maillot</c> are numbered.</summary>
    public static string[] Names => All.Value.Names;

    private static (string[] Ids, string[] Names) Read()
    {
        using var stream = typeof(ImagenetClasses).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the resource {Resource} is missing");
        using var reader = new StreamReader(stream);
        string[][] lines = [.. reader.ReadToEnd().Split('\n').Where(static line => line.StartsWith('n')).Select(static line => line.Split(' ', 2))];
        return ([.. lines.Select(static parts => parts[0])], LabelFile.Numbered([.. lines.Select(static parts => parts[1])]));
    }
}
