using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <summary>What the system says of a path: its kind, and which file it is while it exists, whatever it is called.</summary>
/// <param name="Kind">Of the file.</param>
/// <param name="Device">That it lies on.</param>
/// <param name="Inode">Its number there.</param>
/// <remarks>By statx, whose answer has one layout on all processors. Source: Linux, include/uapi/linux/stat.h.</remarks>
internal readonly unsafe partial record struct FileFacts(FileKind Kind, ulong Device, ulong Inode)
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint KindAndInode = 0x1 | 0x100; // STATX_TYPE | STATX_INO

    /// <summary>Of a path.</summary>
    /// <param name="path">Absolute or from the current folder.</param>
    /// <param name="follows">A symbolic link stands for what it leads to; else it is <see cref="FileKind.Other"/>.</param>
    public static FileFacts Of(string path, bool follows = true)
    {
        Statx answer;
        return StatxNative(CurrentFolder, path, follows ? 0 : NoFollow, KindAndInode, &answer) == 0 ? From(answer) : default;
    }

    /// <summary>Of an open file.</summary>
    /// <param name="file">Its descriptor.</param>
    public static FileFacts Of(int file)
    {
        Statx answer;
        return StatxNative(file, "", EmptyPath, KindAndInode, &answer) == 0 ? From(answer) : default;
    }

    /// <summary>Whether every user of the machine may read a file, by its own permissions; those of folders above it are not looked at.</summary>
    public static bool MayEverybodyRead(string path)
    {
        const uint mode = 0x2; // STATX_MODE
        const int otherRead = 4; // S_IROTH
        Statx answer;
        return StatxNative(CurrentFolder, path, 0, mode, &answer) == 0 && (answer.Mode & otherRead) != 0;
    }

    private static FileFacts From(in Statx answer)
    {
        var kind = (answer.Mode & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Folder,
            0xC000 => FileKind.Socket,
            0x1000 => FileKind.Pipe,
            0x2000 or 0x6000 => FileKind.Device,
            _ => FileKind.Other,
        };
        return new FileFacts(kind, ((ulong)answer.DeviceMajor << 32) | answer.DeviceMinor, answer.Inode);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxNative(int folder, string path, int flags, uint mask, Statx* answer);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
