using System.Globalization;
using System.Text;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs;

/// <summary>Where a UNIX socket is made, and who may use it.</summary>
internal static class SocketPlace
{
    private const int LongestPath = 107; // sun_path of sockaddr_un, with its end
    private const int TemporaryEnd = 9; // see UnixListener

    private static readonly Setting<string> PathSetting = Settings.Text("path", "Path of the socket; one left by an earlier run is replaced.");
    private static readonly Setting<string> ModeSetting =
        Settings.Text("mode", "Permissions of the socket, in octal; whoever may write to it may connect.", "0660");

    /// <summary>Path and permissions, which stand beside what else a socket is configured by.</summary>
    public static IReadOnlyList<Setting> All { get; } = [PathSetting, ModeSetting];

    /// <summary>Reads them; problems are added to the section's place.</summary>
    public static (string Path, UnixFileMode Mode) Read(Section section)
    {
        string path = section.Get(PathSetting), mode = section.Get(ModeSetting);
        if (Encoding.UTF8.GetByteCount(path) > LongestPath - TemporaryEnd)
            section.Problem(PathSetting, $"has more than {LongestPath - TemporaryEnd} bytes, more than the system allows for a socket");
        bool isMode = mode.Length is 3 or 4 && mode.All(c => c is >= '0' and <= '7') && (mode.Length == 3 || mode[0] == '0');
        if (!isMode) section.Problem(ModeSetting, $"must be three octal digits such as 0660, not '{mode}'");
        return (path, isMode ? (UnixFileMode)int.Parse(
            string.Concat(mode.Select(c => Convert.ToString(c - '0', 2).PadLeft(3, '0'))), NumberStyles.BinaryNumber) : default);
    }
}
