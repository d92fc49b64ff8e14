using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ResNetEdge.Device.Native;

/// <summary>
/// Reading a file without a managed object per file. Opening never blocks, also on a pipe (O_NONBLOCK); whether something may be opened
/// at all is for <see cref="RegularFile"/> to say.
/// </summary>
internal static unsafe partial class PosixFile
{
    private const int MaxPathBytes = 4096; // PATH_MAX of Linux, with its end
    private const int OpenForReading = 0x0000 | 0x0800 | 0x80000; // O_RDONLY | O_NONBLOCK | O_CLOEXEC, on x64 and arm64 alike
    private const int OpenForAppending = 0x0002 | 0x0040 | 0x0400 | 0x80000; // O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC
    private const int EveryoneLessUmask = 0x1B6; // 0666
    private const int SeekSet = 0;
    private const int SeekEnd = 2;
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint RenameExchange = 2;
    private const int NotImplemented = 38, NotSupported = 95; // ENOSYS, EOPNOTSUPP

    /// <summary>Opens a file for reading.</summary>
    /// <returns>A descriptor for the other methods, or -1: see <see cref="LastError"/>.</returns>
    public static int Open(string path)
    {
        byte* name = stackalloc byte[MaxPathBytes];
        if (path.Contains('\0') || !Encoding.UTF8.TryGetBytes(path, new Span<byte>(name, MaxPathBytes - 1), out int length))
        {
            Marshal.SetLastPInvokeError(36); // ENAMETOOLONG
            return -1;
        }

        name[length] = 0;
        return OpenNative(name, OpenForReading);
    }

    /// <summary>Opens or makes a file whose every write goes to its end, wherever that is by then: .NET's own mode seeks there once.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static SafeFileHandle Append(string path)
    {
        const int noPermission = 13, readOnly = 30; // EACCES, EROFS
        int file = OpenNew(path, OpenForAppending, EveryoneLessUmask);
        if (file >= 0) return new SafeFileHandle(file, ownsHandle: true);
        string sentence = $"'{path}' cannot be opened: {LastError()}";
        throw Marshal.GetLastPInvokeError() is noPermission or readOnly ? new UnauthorizedAccessException(sentence) : new IOException(sentence);
    }

    /// <summary>The file's length in bytes, or -1 for something that has none (a pipe, a socket).</summary>
    public static long Length(int file)
    {
        long length = Seek(file, 0, SeekEnd);
        return length < 0 || Seek(file, 0, SeekSet) != 0 ? -1 : length;
    }

    /// <summary>Reads up to <paramref name="count"/> bytes; fewer only at the end of the file.</summary>
    /// <returns>Bytes read, or -1: see <see cref="LastError"/>.</returns>
    public static long Read(int file, byte* into, long count)
    {
        long done = 0;
        while (done < count)
        {
            nint got = ReadNative(file, into + done, (nuint)(count - done));
            if (got < 0)
            {
                return -1;
            }

            if (got == 0)
            {
                break;
            }

            done += got;
        }

        return done;
    }

    /// <summary>Lets two existing files or folders change names in one step, so that no moment has neither.</summary>
    /// <returns>False where the file system cannot do that (exFAT, some network disks); both are as they were.</returns>
    /// <exception cref="IOException">The system refuses for another reason; both are as they were.</exception>
    public static bool TryExchange(string one, string other)
    {
        if (RenameAt2(CurrentFolder, one, CurrentFolder, other, RenameExchange) == 0) return true;
        return Marshal.GetLastPInvokeError() is Libc.Einval or NotImplemented or NotSupported ? false
            : throw new IOException($"'{other}' cannot be replaced: {LastError()}");
    }

    /// <summary>Waits until a file or folder is on the disk, where the file system knows how to (some do not for folders).</summary>
    /// <returns>False when that failed: see <see cref="LastError"/>.</returns>
    public static bool TryFlush(int file) => Flush(file) == 0 || Marshal.GetLastPInvokeError() == Libc.Einval;

    /// <summary>The system's own words for why the last call failed.</summary>
    public static string LastError() => Marshal.GetLastPInvokeErrorMessage();

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int file);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(int oneFolder, string one, int otherFolder, string other, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int OpenNative(byte* path, int flags);

    /// <summary>Variadic in C; an integer third argument is passed alike on x64 and arm64 Linux.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNew(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(int file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadNative(int file, byte* into, nuint count);
}
