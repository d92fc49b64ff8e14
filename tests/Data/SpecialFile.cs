using System.Runtime.InteropServices;

namespace ResNetEdge.Tests.Data;

/// <summary>What somebody may put where a file is expected: a pipe, a folder, a device.</summary>
internal static partial class SpecialFile
{
    /// <summary>Makes a named pipe that nobody writes to; returns its path.</summary>
    public static string Pipe(string path)
    {
        Assert.Equal(0, MakePipe(path, 0x180));
        return path;
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);
}
