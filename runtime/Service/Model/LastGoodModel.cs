using System.Globalization;
using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Packages;

namespace ResNetEdge.Service.Model;

/// <summary>
/// A copy of the last package that ran well, so that a power cut in the middle of an update leaves a model to start with; and a note of a
/// package that is on trial, so that one that takes the whole process down is not started forever.
/// </summary>
/// <remarks>One copy, two while a new one is written: at most twice the package's size on disk. Everything is written whole or not at all.</remarks>
internal sealed class LastGoodModel
{
    /// <summary>A package that ended the process so often while on trial is not started again.</summary>
    public const int MostTrials = 2;

    private const int MaxNoteBytes = 256;
    private readonly string _folder;
    private readonly string _note;
    private readonly string _trial;

    /// <param name="stateFolder">Of the service.</param>
    public LastGoodModel(string stateFolder)
    {
        _folder = Path.Combine(stateFolder, "last-good");
        _note = Path.Combine(_folder, "id");
        _trial = Path.Combine(stateFolder, "trial");
    }

    /// <summary>Identity of the copy; null when there is none.</summary>
    public string? Id => ReadNote(_note);

    /// <summary>Where the copy lies; null when there is none.</summary>
    public string? PackagePath => Id is null ? null : Entry(_folder);

    /// <summary>Copies a package that ran well; nothing when it is the one that is kept. Ends its trial.</summary>
    /// <exception cref="EdgeException">Exit 5: the disk is full or read-only. Exit 3 or 4: another
    /// package lies there by now. The older copy is still there.</exception>
    public void Keep(string path, string id)
    {
        if (Id != id)
        {
            AtomicFile.WriteFolder(_folder, temporary =>
            {
                string target = Path.Combine(temporary, "package");
                if (Directory.Exists(path)) CopyFolder(new DirectoryInfo(path), target);
                else CopyFile(path, target + ".zip");
                RequireSame(Entry(temporary)!, id);
                AtomicFile.WriteFlushed(Path.Combine(temporary, "id"), stream => stream.Write(Encoding.ASCII.GetBytes(id)));
            });
        }

        EndTrial();
    }

    /// <summary>Times that what lies there was begun and not yet found good.</summary>
    /// <param name="stamp">Taken before anything of it was read: a package may end the process while it is read.</param>
    public int Trials(PackageStamp stamp) =>
        ReadNote(_trial)?.Split(' ') is [var trialled, var count] && trialled == KeyOf(stamp)
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int trials) ? trials : 0;

    /// <summary>Notes that a package begins now; to be called before anything of it is read.</summary>
    /// <exception cref="EdgeException">Exit 5: it cannot be written.</exception>
    public void BeginTrial(PackageStamp stamp)
    {
        int trials = Trials(stamp) + 1;
        AtomicFile.Write(_trial, stream => stream.Write(Encoding.ASCII.GetBytes($"{KeyOf(stamp)} {trials}")));
    }

    /// <summary>
    /// Forgets the trial: the package was found good, or refused for good, or the service was told
    /// to end. A note that cannot be taken away counts once more at the most.
    /// </summary>
    public void EndTrial()
    {
        try
        {
            File.Delete(_trial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // read-only by now: nothing can be noted either
        }
    }

    private static string KeyOf(PackageStamp stamp) => Sha256.Hex(Encoding.UTF8.GetBytes($"{stamp.Target}\n{stamp.Length}\n{stamp.Ticks}"));

    /// <summary>What was copied may have been replaced since it was verified.</summary>
    private static void RequireSame(string copy, string id)
    {
        using var package = Package.Open(copy);
        if (Sha256.Hex(package.ManifestBytes.Span) != id)
            throw EdgeException.Refused($"{copy}: is not the package that ran: it was replaced in the meantime");
        package.VerifyFiles();
    }

    private static string? Entry(string folder)
    {
        string package = Path.Combine(folder, "package");
        return Directory.Exists(package) ? package : File.Exists(package + ".zip") ? package + ".zip" : null;
    }

    private static string? ReadNote(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file is { Exists: true, Length: > 0 and <= MaxNoteBytes }
                ? Encoding.ASCII.GetString(RegularFile.ReadAllBytes(path, MaxNoteBytes)).Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // as if there were none: the configured package is tried
        }
    }

    private static void CopyFolder(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in from.EnumerateFileSystemInfos())
        {
            string target = Path.Combine(to, entry.Name);
            if (entry is DirectoryInfo folder) CopyFolder(folder, target);
            else CopyFile(entry.FullName, target);
        }
    }

    private static void CopyFile(string from, string to)
    {
        using var source = RegularFile.Open(from, 0);
        AtomicFile.WriteFlushed(to, source.CopyTo);
    }
}
