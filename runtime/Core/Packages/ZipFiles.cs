using System.IO.Compression;
using ResNetEdge.Device;

namespace ResNetEdge.Packages;

/// <summary>A package (or .npz) as one zip archive. Nothing is ever unpacked to the disk, and what comes out is bounded by what went in.</summary>
internal sealed class ZipFiles : PackageFiles
{
    // Weights shrink by a fifth, pictures and npy a few times; a bomb of deflate reaches 1032.
    private const long MaxRatio = 64, FreeBytes = 16 << 20;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    /// <param name="path">The archive.</param>
    /// <param name="hasFreeNames">Any name will do, because none is ever one of a file: an .npz,
    /// whose arrays may be called <c>onnx::Conv_0</c>.</param>
    public ZipFiles(string path, bool hasFreeNames = false)
    {
        Path = path;
        FileStream? file = null;
        try
        {
            file = RegularFile.Open(path);
            _archive = new ZipArchive(file, ZipArchiveMode.Read);
            AddEntries(file.Length, hasFreeNames);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            file?.Dispose();
            throw Fail($"cannot be read: {e.Message}", e);
        }
        catch (EdgeException)
        {
            file?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Path { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long> Lengths => _lengths;

    /// <inheritdoc/>
    public override void Dispose() => _archive.Dispose();

    /// <inheritdoc/>
    protected override Stream OpenStream(string name) => _entries[name].Open();

    private void AddEntries(long archiveLength, bool hasFreeNames)
    {
        long total = 0, allowed = FreeBytes + (MaxRatio * archiveLength);
        foreach (var entry in _archive.Entries)
        {
            if (entry.FullName.EndsWith('/')) continue;
            if (!hasFreeNames && !IsSafeName(entry.FullName)) throw Fail($"contains '{entry.FullName}', a path that leads outside the archive");
            if (_entries.Count == MaxCount) throw Fail($"contains more than {MaxCount} files");
            if (!_entries.TryAdd(entry.FullName, entry)) throw Fail($"contains '{entry.FullName}' twice");
            _lengths.Add(entry.FullName, entry.Length);
            total += Math.Min(entry.Length, allowed + 1);
            if (total > allowed) throw Fail($"claims to unpack to more than {MaxRatio} times its size");
        }
    }
}
