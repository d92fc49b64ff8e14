using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <content>Device files.</content>
internal static unsafe partial class Libc
{
    public const int OpenReadWrite = 0x2, OpenNonBlocking = 0x800, OpenCloseOnExec = 0x80000; // alike on x64 and arm64
    public const int Enoent = 2, Eio = 5, Enxio = 6, Eacces = 13, Ebusy = 16, Enodev = 19, Eperm = 1;

    /// <summary>Variadic in C; the third argument matters only when a file is made, which is not done here.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, byte* into, nuint count);

    /// <summary>Variadic in C; a pointer as third argument is passed alike on x64 and arm64 Linux.</summary>
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(int fd, nuint request, void* argument);
}
