using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

internal static unsafe partial class Libc
{
    /// <summary>Returns only when it fails.</summary>
    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Execv(string path, byte** words);

    /// <summary>Changes the language of the C library's and other native libraries' texts, for the whole process.</summary>
    [LibraryImport("libc", EntryPoint = "setlocale", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint SetLocale(int category, string locale);
}
