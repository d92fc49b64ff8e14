using System.Globalization;
using ResNetEdge.Device;
using ResNetEdge.Packages;

namespace ResNetEdge.Service.Outputs.Webhook;

/// <summary>
/// Messages on disk until they are delivered, in order. Each is a file of its own that exists whole or not at all and is on the disk when
/// <see cref="TryAdd"/> returns, so neither a killed process nor a power cut loses or halves one; the oldest are never thrown away for new ones,
/// since they were promised first. For two threads: one adds, one takes.
/// </summary>
/// <remarks>A file each costs two flushes an event, which events, being rare, can pay. An appended log with checksums was the other way: half the
/// flushes, but a reader of torn ends, a compaction that must survive a power cut itself, and nothing that a person can look at.</remarks>
internal sealed class DiskQueue : IDisposable
{
    private const string Ending = ".json";
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
                _bytes += OnDisk(item.Bytes);
                _last = item.Number;
            }
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
    /// <returns>False: the queue is full.</returns>
    /// <exception cref="EdgeException">Exit 5: the disk is full or worse; the message is not in the queue.</exception>
    public bool TryAdd(byte[] message)
    {
        if (message.Length > MostBytes) return false;
        lock (_turn)
        {
            if (_items.Count >= _maxItems || _bytes + OnDisk(message.Length) > _maxBytes) return false;
        }

        // 122 random bits of the kernel's; .NET's other generator needs OpenSSL.
        var item = new DiskItem(_last + 1, Guid.NewGuid().ToString("N"), message.Length);
        AtomicFile.Write(PathOf(item), stream => stream.Write(message));
        _last = item.Number;
        lock (_turn)
        {
            _items.Enqueue(item);
            _bytes += OnDisk(item.Bytes);
        }

        return true;
    }

    /// <summary>The oldest message.</summary>
    /// <returns>Null: none waits.</returns>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public (string Key, byte[] Message)? Peek()
    {
        while (First() is { } item)
        {
            try
            {
                using var file = RegularFile.Open(PathOf(item), 0);
                var message = new byte[item.Bytes];
                file.ReadExactly(message);
                return (item.Key, message);
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
            _bytes -= OnDisk(item.Bytes);
        }
    }

    private string PathOf(DiskItem item) => Path.Combine(_folder, $"{item.Number:d20}-{item.Key}{Ending}");

    // Files of other names or sizes are not ours and stay as they are.
    private static DiskItem? Read(string path)
    {
        string[] parts = Path.GetFileNameWithoutExtension(path).Split('-');
        long bytes = new FileInfo(path).Length;
        return parts.Length == 2 && parts[0].Length == 20 && ulong.TryParse(parts[0], NumberStyles.None, null, out ulong number)
            && parts[1].Length == KeyDigits && parts[1].All(char.IsAsciiHexDigitLower) && bytes is > 0 and <= MostBytes
            ? new DiskItem(number, parts[1], (int)bytes)
            : null;
    }

    /// <summary>A message on disk.</summary>
    private sealed record DiskItem(ulong Number, string Key, int Bytes);
}
