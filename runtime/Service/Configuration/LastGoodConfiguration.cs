using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Packages;

namespace ResNetEdge.Service.Configuration;

/// <summary>
/// A copy of the last configuration that the service took over. A running service refuses a file that has become bad and goes on with the old
/// one; a power cut must not make it worse.
/// </summary>
/// <param name="stateFolder">Where the copy lies; only the service reads it there, as a configuration may hold passwords.</param>
internal sealed class LastGoodConfiguration(string stateFolder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _copy = Path.Combine(stateFolder, "last-good.yaml");

    /// <summary>The copy, where there is one and it is another than the file; null where it would not help.</summary>
    /// <param name="path">Of the configuration, which may be missing.</param>
    public string? CopyBeside(string path) =>
        File.Exists(_copy) && !(Read(path) is { } text && text.AsSpan().SequenceEqual(Read(_copy))) ? _copy : null;

    /// <summary>Copies a configuration that was taken over; nothing when it is the one that is kept.</summary>
    /// <exception cref="EdgeException">Exit 5: the disk is full or read-only; the older copy is still there.</exception>
    public void Keep(string path)
    {
        if (Read(path) is not { } text || text.AsSpan().SequenceEqual(Read(_copy))) return;
        AtomicFile.Write(_copy, stream =>
        {
            if (stream is FileStream file) File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
            stream.Write(text);
        });
    }

    /// <summary>What a file holds; null when it is missing or longer than any configuration.</summary>
    private static byte[]? Read(string path) => FileFacts.Of(path).Kind is FileKind.Regular && new FileInfo(path).Length <= YamlTree.MaxBytes ? RegularFile.ReadAllBytes(path, YamlTree.MaxBytes) : null;
}
