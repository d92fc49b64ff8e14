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

    private static readonly Setting<int> ClientsSetting =
        Settings.Int("max_clients", "Maximum number of clients; further ones are turned away.", 16, 1, 256);

    /// <summary>Its line in the table.</summary>
    public static SinkKind Kind { get; } = new(
        TypeName, new Schema(
            TypeName, "One JSON object per line to every client of a UNIX socket.",
            [SocketPlace.All[0], .. FeedSettings.All, SocketPlace.All[1], ClientsSetting]), Read);

    /// <inheritdoc/>
    public override bool WantsResults => Feed.Results;

    /// <inheritdoc/>
    public override bool WantsEvents => Feed.Events;

    /// <inheritdoc/>
    public override ISink Open(SinkContext context) => new UnixSocketSink(this, context);

    private static UnixSocketSettings Read(string name, Section section)
    {
        var (path, mode) = SocketPlace.Read(section);
        return new(name, path, mode, section.Get(ClientsSetting), FeedSettings.Read(section));
    }
}
