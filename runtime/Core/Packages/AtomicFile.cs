using ResNetEdge.Device.Native;

namespace ResNetEdge.Packages;

/// <summary>Files and folders that appear whole or not at all: written beside the target under another name, flushed to the disk, renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes or replaces a file.</summary>
    /// <exception cref="EdgeException">Exit 5: no permission, a read-only or full disk. Nothing is left behind.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, Sibling(path));

    /// <summary>Writes or replaces a file.</summary>
    /// <param name="path">The target.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="temporary">A name on the same disk that no other writer takes, for the file until it is whole.</param>
    /// <exception cref="EdgeException">Exit 5: no permission, a read-only or full disk. Nothing is left behind.</exception>
    public static void Write(string path, Action<Stream> write, string temporary) => Guard(path, () =>
    {
        try
        {
            WriteFlushed(temporary, write);
            File.Move(temporary, path, overwrite: true);
            FlushFolder(Parent(path));
        }
        finally
        {
            File.Delete(temporary); // already gone when all went well
        }
    });

    /// <summary>Writes or replaces a folder.</summary>
    /// <param name="path">The target; what is there is replaced in one step and then deleted.</param>
    /// <param name="fill">Writes the files into the folder whose path it gets, each by <see cref="WriteFlushed"/>.</param>
    /// <exception cref="EdgeException">Exit 5: no permission, a read-only or full disk. Nothing is left behind.</exception>
    public static void WriteFolder(string path, Action<string> fill) => Guard(path, () =>
    {
        string temporary = Sibling(path);
        try
        {
            Directory.CreateDirectory(temporary);
            fill(temporary);
            foreach (string folder in Directory.EnumerateDirectories(temporary, "*", SearchOption.AllDirectories)) FlushFolder(folder);
            FlushFolder(temporary);
            if (!Directory.Exists(path)) Directory.Move(temporary, path);
            else if (!PosixFile.TryExchange(temporary, path)) Replace(path, temporary);
            FlushFolder(Parent(path));
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        }
    });

    /// <summary>Writes a new file and flushes it to the disk.</summary>
    public static void WriteFlushed(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 << 10);
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>A hidden name beside the target, on the same disk, that no other writer takes.</summary>
    public static string Sibling(string path) => Path.Combine(Parent(path), $".{Path.GetFileName(path)}.tmp-{Path.GetRandomFileName()}");

    /// <summary>Turns what the system says of the output into one sentence and exit 5.</summary>
    public static void Guard(string path, Action write)
    {
        try
        {
            Directory.CreateDirectory(Parent(path));
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdgeException.Unavailable($"{path}: cannot be written: {e.Message}", e);
        }
    }

    // Two renames instead of one: for an instant the target is missing, but what was there comes back if the second fails.
    private static void Replace(string path, string temporary)
    {
        string old = Sibling(path);
        Directory.Move(path, old);
        try
        {
            Directory.Move(temporary, path);
        }
        catch (IOException)
        {
            Directory.Move(old, path);
            throw;
        }

        Directory.Delete(old, recursive: true);
    }

    private static string Parent(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";

    private static void FlushFolder(string folder)
    {
        int file = PosixFile.Open(folder);
        if (file < 0) throw new IOException($"'{folder}' cannot be opened: {PosixFile.LastError()}");
        string? reason = PosixFile.TryFlush(file) ? null : PosixFile.LastError();
        _ = PosixFile.Close(file); // opened for reading: nothing can be lost
        if (reason is not null) throw new IOException($"'{folder}' cannot be flushed: {reason}");
    }
}
