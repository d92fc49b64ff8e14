using System.Globalization;
using ResNetEdge.Device;
using ResNetEdge.Packages;
using ResNetEdge.Service.Pictures;

namespace ResNetEdge.Service.Outputs.Webhook;

/// <summary>
/// Messages on disk until they are delivered, in order. Each is a file of its own that exists whole or not at all and is on the disk when
/// <see cref="TryAdd"/> returns, so neither a killed process nor a power cut loses or halves one; the oldest are never thrown away for new ones,
/// since they were promised first. A message may have a picture, in a file beside it that is written first and removed last. For two threads: one
/// adds, one takes.
/// </summary>
/// <remarks>A file each costs two flushes an event, which events, being rare, can pay. An appended log with checksums was the other way: half the
/// flushes, but a reader of torn ends, a compaction that must survive a power cut itself, and nothing that a person can look at.</remarks>
internal sealed class DiskQueue : IDisposable
{
    private const string Ending = ".json", PictureEnding = ".jpg";
    private const int KeyDigits = 32;
    private const int MostBytes = 64 << 10; // of a message
    private const int BlockBytes = 4096; // of the usual file systems
    private const int EntryBytes = 1024; // a file's inode, its name in the folder, its share of their tables
    private readonly string _folder;
    private readonly int _maxItems;
    private readonly long _maxBytes;
    private readonly FileStream _lock;
    private readonly Lock _turn = new(); // never held while the disk is waited for
    private readonly Queue<DiskItem> _items = new();
    private long _bytes;
    private ulong _last; // by the thread that adds

    /// <summary>Opens a queue, with what a run before left in it.</summary>
    /// <param name="folder">Its own; made when it is missing.</param>
    /// <param name="maxItems">More are refused.</param>
    /// <param name="maxBytes">More are refused, by <see cref="OnDisk"/>.</param>
    /// <exception cref="IOException">It cannot be opened, or another process has it.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public DiskQueue(string folder, int maxItems, long maxBytes)
    {
        (_folder, _maxItems, _maxBytes) = (folder, maxItems, maxBytes);
        Directory.CreateDirectory(folder);
        _lock = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            foreach (string left in Directory.EnumerateFiles(folder, ".*.tmp-*")) File.Delete(left); // a write that a power cut stopped
            foreach (var item in Directory.EnumerateFiles(folder, "*" + Ending).Select(Read).OfType<DiskItem>().OrderBy(i => i.Number))
            {
                _items.Enqueue(item);
                _bytes += SizeOf(item);
                _last = item.Number;
            }

            foreach (string left in Directory.EnumerateFiles(folder, "*" + PictureEnding).Where(IsWithoutMessage)) File.Delete(left);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>Messages that wait; from any thread.</summary>
    public int Count
    {
        get
        {
            lock (_turn) return _items.Count;
        }
    }

    /// <summary>What a message takes of a disk: whole blocks, and the file's own entry. An event of a few hundred bytes takes 5 KiB.</summary>
    public static long OnDisk(int messageBytes) => (messageBytes + BlockBytes - 1) / BlockBytes * BlockBytes + EntryBytes;

    /// <summary>Writes a message to the disk.</summary>
    /// <param name="message">At most 64 KiB.</param>
    /// <param name="picture">JPEG that belongs to it; null: none.</param>
    /// <returns>False: the queue is full.</returns>
    /// <exception cref="EdgeException">Exit 5: the disk is full or worse; the message is not in the queue.</exception>
    public bool TryAdd(byte[] message, byte[]? picture = null)
    {
        if (message.Length > MostBytes) return false;
        // 122 random bits of the kernel's; .NET's other generator needs OpenSSL.
        var item = new DiskItem(_last + 1, Guid.NewGuid().ToString("N"), message.Length, picture?.Length ?? 0);
        lock (_turn)
        {
            if (_items.Count >= _maxItems || _bytes + SizeOf(item) > _maxBytes) return false;
        }

        if (picture is not null) AtomicFile.Write(PathOf(item, PictureEnding), stream => stream.Write(picture));
        AtomicFile.Write(PathOf(item), stream => stream.Write(message));
        _last = item.Number;
        lock (_turn)
        {
            _items.Enqueue(item);
            _bytes += SizeOf(item);
        }

        return true;
    }

    /// <summary>The oldest message.</summary>
    /// <returns>Null: none waits.</returns>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public (string Key, byte[] Message, byte[]? Picture)? Peek()
    {
        while (First() is { } item)
        {
            try
            {
                byte[] message = ReadWhole(PathOf(item), item.Bytes);
                return (item.Key, message, item.PictureBytes > 0 ? PictureOf(item) : null);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                Forget(item); // somebody cleared the folder
            }
        }

        return null;
    }

    /// <summary>
    /// Takes the oldest message away. A power cut soon after may bring it back: it is then delivered a second time, under the same key.
    /// </summary>
    public void Remove()
    {
        if (First() is not { } item) throw new InvalidOperationException("nothing waits");
        File.Delete(PathOf(item));
        if (item.PictureBytes > 0) File.Delete(PathOf(item, PictureEnding));
        Forget(item);
    }

    /// <summary>Lets another process have it.</summary>
    public void Dispose() => _lock.Dispose();

    private DiskItem? First()
    {
        lock (_turn) return _items.TryPeek(out var item) ? item : null;
    }

    private void Forget(DiskItem item)
    {
        lock (_turn)
        {
            _items.Dequeue();
            _bytes -= SizeOf(item);
        }
    }

    private static long SizeOf(DiskItem item) => OnDisk(item.Bytes) + (item.PictureBytes > 0 ? OnDisk(item.PictureBytes) : 0);

    private static byte[] ReadWhole(string path, int length)
    {
        using var file = RegularFile.Open(path, 0);
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        return bytes;
    }

    // Somebody may have cleared the pictures away; the event is told all the same.
    private byte[]? PictureOf(DiskItem item)
    {
        try
        {
            return ReadWhole(PathOf(item, PictureEnding), item.PictureBytes);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    // Of ours alone: a power cut came between the two files.
    private static bool IsWithoutMessage(string picture) =>
        PartsOf(picture) is not null && !File.Exists(Path.ChangeExtension(picture, Ending));

    private string PathOf(DiskItem item, string ending = Ending) => Path.Combine(_folder, $"{item.Number:d20}-{item.Key}{ending}");

    private static (ulong Number, string Key)? PartsOf(string path) =>
        Path.GetFileNameWithoutExtension(path).Split('-') is [{ Length: 20 } digits, { Length: KeyDigits } key]
            && ulong.TryParse(digits, NumberStyles.None, null, out ulong number) && key.All(char.IsAsciiHexDigitLower) ? (number, key) : null;

    // Files of other names or sizes are not ours and stay as they are.
    private static DiskItem? Read(string path)
    {
        long bytes = new FileInfo(path).Length;
        if (PartsOf(path) is not { } parts || bytes is not (> 0 and <= MostBytes)) return null;
        var picture = new FileInfo(Path.ChangeExtension(path, PictureEnding));
        return new DiskItem(
            parts.Number, parts.Key, (int)bytes, picture is { Exists: true, Length: <= PictureForm.MostBytes } ? (int)picture.Length : 0);
    }

    /// <summary>A message on disk.</summary>
    /// <param name="Number">Its place in the order.</param>
    /// <param name="Key">That its receiver may know it by.</param>
    /// <param name="Bytes">Of the message.</param>
    /// <param name="PictureBytes">0: it has none.</param>
    private sealed record DiskItem(ulong Number, string Key, int Bytes, int PictureBytes);
}
