using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Packages;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Configuration;

/// <summary>
/// A copy of the last configuration that the service took over. A running service refuses a file that has become bad and goes on with the old
/// one; a power cut must not make it worse.
/// </summary>
internal sealed class LastGoodConfiguration
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string StateSetting = "state_folder:";
    private readonly string _copy;

    /// <summary>The copy in a folder.</summary>
    /// <param name="stateFolder">Where it lies; only the service reads it there, as a configuration may hold passwords.</param>
    public LastGoodConfiguration(string stateFolder) : this(stateFolder, "last-good.yaml")
    {
    }

    private LastGoodConfiguration(string folder, string name) => _copy = Path.Combine(folder, name);

    /// <summary>
    /// Where copies are looked for and kept, best first: in the folder that the service manager gave; without one in the folder that the file names
    /// itself, and beside the file, as a file that was emptied or torn no longer names it.
    /// </summary>
    /// <param name="path">Of the configuration.</param>
    /// <param name="given">Folder that the service manager gave; null: none.</param>
    public static IReadOnlyList<LastGoodConfiguration> Places(string path, string? given)
    {
        if (given is not null) return [new(given)];
        string full = Path.GetFullPath(path);
        var beside = new LastGoodConfiguration(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.last-good");
        return StateFolderIn(path) is { } named ? [new(named), beside] : [beside];
    }

    /// <summary>The best copy to start with in place of a file that cannot be used; null where there is none, or none that would help.</summary>
    /// <param name="path">Of the configuration, which may be missing.</param>
    /// <param name="given">Folder that the service manager gave; null: none.</param>
    public static string? CopyFor(string path, string? given) =>
        Places(path, given).Select(place => place.CopyBeside(path)).FirstOrDefault(copy => copy is not null);

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

    // By its line alone: the file may be one that no reader takes.
    private static string? StateFolderIn(string path)
    {
        if (Read(path) is not { } bytes) return null;
        string? line = Encoding.UTF8.GetString(bytes).Split('\n').FirstOrDefault(l => l.StartsWith(StateSetting, StringComparison.Ordinal));
        string folder = (line?[StateSetting.Length..] ?? "").Split(" #")[0].Trim().Trim('"', '\'');
        return folder.Length > 0 && !folder.Any(char.IsControl) ? folder : null;
    }

    /// <summary>What a file holds; null when it is missing, no plain file or longer than any configuration.</summary>
    private static byte[]? Read(string path) =>
        FileFacts.Of(path).Kind is FileKind.Regular && new FileInfo(path) is { Exists: true, Length: <= YamlTree.MaxBytes }
            ? RegularFile.ReadAllBytes(path, YamlTree.MaxBytes) : null;
}
