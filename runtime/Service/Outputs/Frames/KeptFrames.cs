using System.Globalization;
using ResNetEdge.Packages;

namespace ResNetEdge.Service.Outputs.Frames;

/// <summary>
/// A folder of pictures, each with a line of JSON beside it, bounded in number and on disk: the oldest are deleted for new ones. Every file is
/// whole or not there; a half that a power cut left is cleared away when the folder is opened. Files of other names stay and do not count. For one
/// thread.
/// </summary>
internal sealed class KeptFrames : IDisposable
{
    private const string PictureEnding = ".jpg", LineEnding = ".json";
    private const int Digits = 10; // of the number that a name begins with: the order, also when the clock is set
    private const long BlockBytes = 4096, EntryBytes = 1024; // of the usual file systems
    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly int _maxFiles;
    private readonly FileStream _lock;
    private readonly Queue<(string Name, long Bytes)> _kept = new();
    private long _bytes, _last;

    /// <summary>Opens a folder, with what is in it.</summary>
    /// <param name="folder">Made when it is missing.</param>
    /// <param name="maxBytes">On disk, by whole blocks.</param>
    /// <param name="maxFiles">So many pictures are kept at most.</param>
    /// <exception cref="IOException">It cannot be opened, or another output has it.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public KeptFrames(string folder, long maxBytes, int maxFiles)
    {
        (_folder, _maxBytes, _maxFiles) = (folder, maxBytes, maxFiles);
        Directory.CreateDirectory(folder);
        _lock = new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            Look();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>Pictures that are kept.</summary>
    public int Number => _kept.Count;

    /// <summary>Lets another have it.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>Keeps a picture; deletes as many of the oldest as it takes the place of.</summary>
    /// <param name="reason">A word for its name.</param>
    /// <param name="time">For its name.</param>
    /// <param name="jpeg">The picture.</param>
    /// <param name="line">One line of JSON.</param>
    /// <exception cref="EdgeException">Exit 5: the disk is full or worse.</exception>
    /// <exception cref="IOException">It is larger than all that may be kept, or an old one cannot be deleted.</exception>
    public void Add(string reason, DateTimeOffset time, byte[] jpeg, byte[] line)
    {
        long bytes = OnDisk(jpeg.Length) + OnDisk(line.Length);
        if (bytes > _maxBytes) throw new IOException($"a picture of {jpeg.Length} bytes is larger than 'max_mib'");
        while (_kept.Count > 0 && (_kept.Count >= _maxFiles || _bytes + bytes > _maxBytes))
        {
            Delete(_kept.Peek().Name);
            _bytes -= _kept.Dequeue().Bytes;
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"{++_last:d10}-{time.UtcDateTime:yyyyMMdd-HHmmss}-{reason}");
        AtomicFile.Write(PathOf(name, PictureEnding), stream => stream.Write(jpeg));
        try
        {
            AtomicFile.Write(PathOf(name, LineEnding), stream => stream.Write(line));
        }
        catch (EdgeException)
        {
            File.Delete(PathOf(name, PictureEnding));
            throw;
        }

        Count(name, bytes);
    }

    private void Look()
    {
        foreach (string left in Directory.EnumerateFiles(_folder, ".*.tmp-*").Where(f => IsOurs(Path.GetFileName(f)[1..]))) File.Delete(left);
        var names = Directory.EnumerateFiles(_folder).Where(f => Path.GetExtension(f) is PictureEnding or LineEnding)
            .Select(f => Path.GetFileNameWithoutExtension(f)).Where(IsOurs).Distinct().Order(StringComparer.Ordinal).ToList();
        foreach (string name in names)
        {
            var (picture, line) = (new FileInfo(PathOf(name, PictureEnding)), new FileInfo(PathOf(name, LineEnding)));
            _last = long.Parse(name.AsSpan(0, Digits), CultureInfo.InvariantCulture);
            if (picture.Exists && line.Exists) Count(name, OnDisk(picture.Length) + OnDisk(line.Length));
            else Delete(name);
        }
    }

    private static long OnDisk(long bytes) => ((bytes + BlockBytes - 1) / BlockBytes * BlockBytes) + EntryBytes;

    private static bool IsOurs(string name) =>
        name.Length > Digits && name[Digits] == '-' && name.AsSpan(0, Digits).IndexOfAnyExceptInRange('0', '9') < 0;

    private void Count(string name, long bytes)
    {
        _kept.Enqueue((name, bytes));
        _bytes += bytes;
    }

    // The line last: what is left of a deletion that was cut short is recognised by it.
    private void Delete(string name)
    {
        File.Delete(PathOf(name, PictureEnding));
        File.Delete(PathOf(name, LineEnding));
    }

    private string PathOf(string name, string ending) => Path.Combine(_folder, name + ending);
}
