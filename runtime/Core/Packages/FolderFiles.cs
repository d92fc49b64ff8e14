using ResNetEdge.Device;

namespace ResNetEdge.Packages;

/// <summary>A package as a folder. Links are refused: they may lead out of it, or to a device that never ends.</summary>
internal sealed class FolderFiles : PackageFiles
{
    private const int MaxDepth = 8;
    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);

    public FolderFiles(string path)
    {
        Path = path;
        try
        {
            Add(new DirectoryInfo(path), "", 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fail($"the folder cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override string Path { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long> Lengths => _lengths;

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    /// <inheritdoc/>
    protected override Stream OpenStream(string name) => RegularFile.Open(System.IO.Path.Combine(Path, name), 0);

    private void Add(DirectoryInfo folder, string prefix, int depth)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            string name = prefix + entry.Name;
            if (entry.LinkTarget is not null) throw Fail($"'{name}' is a link, which a package may not contain");
            if (_lengths.Count == MaxCount) throw Fail($"the folder contains more than {MaxCount} files; it is not a package");
            if (entry is FileInfo file) _lengths.Add(name, file.Length);
            else if (depth < MaxDepth) Add((DirectoryInfo)entry, name + "/", depth + 1);
            else throw Fail($"folders are nested more than {MaxDepth} deep; it is not a package");
        }
    }
}
