using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Triggers;

/// <summary>A UNIX socket by which programs ask. Equal when everything in it is.</summary>
/// <param name="Name">In logs and answers.</param>
/// <param name="Path">Of the socket.</param>
/// <param name="Mode">Permissions of the socket: who may write to it may ask.</param>
internal sealed record SocketTriggerSettings(string Name, string Path, UnixFileMode Mode) : TriggerSettings(Name, TypeName)
{
    private const string TypeName = "unix_socket";

    /// <summary>Its line in the table.</summary>
    public static TriggerKind Kind { get; } = new(
        TypeName, new Schema(
            TypeName, "A UNIX socket: each line that a program sends asks for a look, and is answered by a line of JSON that says what was seen.",
            SocketPlace.All), Read);

    /// <inheritdoc/>
    public override IDisposable Open(TriggerContext context) => new SocketTrigger(this, context);

    private static SocketTriggerSettings Read(string name, Section section)
    {
        var (path, mode) = SocketPlace.Read(section);
        return new(name, path, mode);
    }
}
