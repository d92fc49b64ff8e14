using System.Globalization;
using System.Text;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs;

/// <summary>JSON lines to whoever connects to a UNIX socket. Equal when everything in it is.</summary>
/// <param name="Name">By which rules name it.</param>
/// <param name="Path">Of the socket.</param>
/// <param name="Mode">Permissions of the socket: who may write to it may connect.</param>
/// <param name="MaxClients">At once.</param>
/// <param name="Feed">What is sent.</param>
internal sealed record UnixSocketSettings(string Name, string Path, UnixFileMode Mode, int MaxClients, FeedSettings Feed)
    : SinkSettings(Name, TypeName)
{
    private const string TypeName = "unix_socket";
    private const int LongestPath = 107; // sun_path of sockaddr_un, with its end
    private const int TemporaryEnd = 9; // see UnixListener

    private static readonly Setting<string> PathSetting = Settings.Text("path", "Path of the socket; one left by an earlier run is replaced.");
    private static readonly Setting<string> ModeSetting =
        Settings.Text("mode", "Permissions of the socket, in octal; whoever may write to it may connect.", "0660");
    private static readonly Setting<int> ClientsSetting =
        Settings.Int("max_clients", "Maximum number of clients; further ones are turned away.", 16, 1, 256);

    /// <summary>Its line in the table.</summary>
    public static SinkKind Kind { get; } = new(
        TypeName, new Schema(
            TypeName, "One JSON object per line to every client of a UNIX socket.",
            [PathSetting, .. FeedSettings.All, ModeSetting, ClientsSetting]), Read);

    /// <inheritdoc/>
    public override bool WantsResults => Feed.Results;

    /// <inheritdoc/>
    public override bool WantsEvents => Feed.Events;

    /// <inheritdoc/>
    public override ISink Open(SinkContext context) => new UnixSocketSink(this, context);

    private static UnixSocketSettings Read(string name, Section section)
    {
        string path = section.Get(PathSetting), mode = section.Get(ModeSetting);
        if (Encoding.UTF8.GetByteCount(path) > LongestPath - TemporaryEnd)
            section.Problem(PathSetting, $"has more than {LongestPath - TemporaryEnd} bytes, more than the system allows for a socket");
        bool isMode = mode.Length is 3 or 4 && mode.All(c => c is >= '0' and <= '7') && (mode.Length == 3 || mode[0] == '0');
        if (!isMode) section.Problem(ModeSetting, $"must be three octal digits such as 0660, not '{mode}'");
        return new(name, path, isMode ? (UnixFileMode)int.Parse(
            string.Concat(mode.Select(c => Convert.ToString(c - '0', 2).PadLeft(3, '0'))), NumberStyles.BinaryNumber) : default,
            section.Get(ClientsSetting), FeedSettings.Read(section));
    }
}
