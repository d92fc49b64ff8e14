using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <summary>The C library calls that the device floor needs, Linux.</summary>
internal static unsafe partial class Libc
{
    public const uint MfdCloexec = 0x1, MfdAllowSealing = 0x2, MfdExec = 0x10;
    public const int AddSeals = 1033, SealSeal = 0x1, SealShrink = 0x2, SealGrow = 0x4, SealWrite = 0x8;
    public const int ProtRead = 1, ProtWrite = 2, ProtExec = 4, MapPrivate = 2, MapAnonymous = 0x20;
    public const int AdviseDontNeed = 4, AdviseHugePage = 14;
    public const int Eintr = 4, Einval = 22;

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MemfdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, byte* buffer, nuint count);

    /// <summary>Variadic in C; an integer third argument is passed alike on x64 and arm64 Linux.</summary>
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(int fd, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Mmap(nint address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Munmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    public static partial int Madvise(void* address, nuint length, int advice);

    /// <summary>Variadic in C; integer arguments are passed alike on x64 and arm64 Linux.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Syscall(nint number, nint first, nint second);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);
}
