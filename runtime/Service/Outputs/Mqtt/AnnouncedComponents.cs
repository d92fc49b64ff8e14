using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Files;
using ResNetEdge.Packages;

namespace ResNetEdge.Service.Outputs.Mqtt;

/// <summary>
/// What Home Assistant was told of, in a file of the state folder: the topic, then one component a line. What is no longer there is removed by
/// the next announcement, also after a restart.
/// </summary>
/// <param name="path">May not exist yet.</param>
internal sealed class AnnouncedComponents(string path)
{
    private const int MostBytes = 1 << 20;

    /// <summary>Components that were announced under a topic; none when the file is missing, is not readable or names another topic.</summary>
    public IReadOnlyList<string> Under(string topic) =>
        Lines() is [var first, .. var components] && first == topic ? components : [];

    /// <summary>Another topic under which something was announced, which is to be emptied; null: none.</summary>
    /// <param name="topic">The one of now.</param>
    public string? FormerTopic(string topic) => Lines() is [var first, ..] && first != topic ? first : null;

    /// <summary>Notes an announcement.</summary>
    /// <exception cref="EdgeException">Exit 5: the disk is full or read-only.</exception>
    public void Keep(string topic, IEnumerable<string> components) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(topic);
        foreach (string component in components) writer.WriteLine(component);
    });

    // A damaged file means that something is left in Home Assistant, no more.
    private string[] Lines()
    {
        if (FileFacts.Of(path).Kind is not FileKind.Regular) return [];
        try
        {
            byte[] bytes = RegularFile.ReadAllBytes(path, MostBytes);
            return Utf8Text.Fault(bytes) is null ? Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
        }
        catch (Exception e) when (e is EdgeException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
