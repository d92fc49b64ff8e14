using Microsoft.Win32.SafeHandles;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device;

/// <summary>
/// The one gate through which a file that somebody named is opened for reading: only a regular file passes. A named pipe would block for
/// ever, a device may never end, and opening one can already do something (a watchdog starts, a tape rewinds), so the kind is asked before.
/// </summary>
/// <remarks>
/// What changes between asking and opening is opened without blocking, asked again and closed. Data that is meant to come from a pipe
/// (cameras, <see cref="Cameras.PollStream"/>) and the kernel's own files below /proc and /sys do not pass here.
/// </remarks>
internal static class RegularFile
{
    private const int NotPermitted = 1, NotThere = 2, NoAccess = 13, NoFolder = 20; // EPERM, ENOENT, EACCES, ENOTDIR

    /// <summary>Opens a file for reading from its beginning.</summary>
    /// <param name="path">Absolute or from the current folder; links are followed.</param>
    /// <param name="bufferBytes">Of the stream; 0 for who reads large pieces.</param>
    /// <exception cref="FileNotFoundException">There is nothing.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    /// <exception cref="IOException">It is a folder, pipe, socket or device, or the system cannot open it.</exception>
    public static FileStream Open(string path, int bufferBytes = 4096)
    {
        int file = TryOpen(path, out var kind);
        if (file >= 0) return new FileStream(new SafeFileHandle(file, ownsHandle: true), FileAccess.Read, bufferBytes);
        throw kind is FileKind.Regular or FileKind.Missing ? LastFailure(path) : new IOException($"'{path}' is {Named(kind)}, not a file");
    }

    /// <summary>Opens a file as a descriptor for <see cref="PosixFile"/>, without a managed object.</summary>
    /// <param name="path">As for <see cref="Open"/>.</param>
    /// <param name="kind">What lies there.</param>
    /// <returns>-1 when it is not a regular file, or cannot be opened: see <see cref="PosixFile.LastError"/>.</returns>
    public static int TryOpen(string path, out FileKind kind)
    {
        kind = FileFacts.Of(path).Kind;
        if (kind is not (FileKind.Regular or FileKind.Missing)) return -1;
        int file = PosixFile.Open(path); // a missing one too: the system says why
        if (file < 0) return -1;
        kind = FileFacts.Of(file).Kind;
        if (kind is FileKind.Regular) return file;
        _ = PosixFile.Close(file);
        return -1;
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">As for <see cref="Open"/>.</param>
    /// <param name="maxBytes">A longer one is refused.</param>
    /// <exception cref="IOException">As for <see cref="Open"/>, or it is too long.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static byte[] ReadAllBytes(string path, long maxBytes)
    {
        using var file = Open(path, 0);
        long length = file.Length;
        if (length > Math.Min(maxBytes, Array.MaxLength)) throw new IOException($"'{path}' has {length} bytes, more than the {maxBytes} allowed");
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>What a message calls a kind, with its article.</summary>
    public static string Named(FileKind kind) => kind switch
    {
        FileKind.Folder => "a folder",
        FileKind.Pipe => "a named pipe",
        FileKind.Socket => "a socket",
        FileKind.Device => "a device",
        FileKind.Missing => "missing",
        FileKind.Regular => "a file",
        _ => "of an unknown kind",
    };

    // In the words that .NET uses for its own.
    private static Exception LastFailure(string path)
    {
        int error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        return error switch
        {
            NotThere or NoFolder => new FileNotFoundException($"Could not find file '{path}'.", path),
            NotPermitted or NoAccess => new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
            _ => new IOException($"{PosixFile.LastError()}: '{path}'"),
        };
    }
}
