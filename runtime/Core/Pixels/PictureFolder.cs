using System.Security;
using ResNetEdge.Device.Cameras;

namespace ResNetEdge.Pixels;

/// <summary>A file that should be a picture.</summary>
/// <param name="Path">The folder's path as given, and the file below it.</param>
/// <param name="Label">Name of the class folder, or null in a folder without classes.</param>
internal readonly record struct PictureFile(string Path, string? Label);

/// <summary>
/// The pictures of a folder, in ordinal order: either the files of the folder itself, or one folder per class whose name is the label
/// (<c>DIR/cat/0001.jpg</c>). No deeper folder is entered, so a loop of symbolic links ends here.
/// </summary>
/// <remarks>
/// Hidden names and the usual companions of a data set (<see cref="IsCompanion"/>) are left out. Every other file counts as a picture:
/// one that is none is refused when it is read, by name, and never skipped, because a skipped picture would change an accuracy.
/// </remarks>
internal static class PictureFolder
{
    /// <summary>Most pictures that are listed.</summary>
    public const int MaxPictures = 2_000_000;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Lists a folder.</summary>
    /// <param name="directory">Of the pictures or of the class folders.</param>
    /// <exception cref="EdgeException">Exit 3: not there, not readable, without any picture, too
    /// many, or pictures and class folders mixed.</exception>
    public static IReadOnlyList<PictureFile> List(string directory)
    {
        var files = new List<string>();
        var folders = new List<string>();
        Split(directory, files, folders);
        if (files.Count > 0 && folders.Count > 0)
        {
            throw EdgeException.BadInput(
                $"{directory}: contains files ({files[0]}) and folders ({folders[0]}); use a folder of pictures, or one folder per class");
        }

        var pictures = new List<PictureFile>();
        Add(directory, null, files, pictures);
        foreach (string label in folders)
        {
            string folder = Path.Combine(directory, label);
            var inside = new List<string>();
            var deeper = new List<string>();
            Split(folder, inside, deeper);
            if (deeper.Count > 0)
            {
                throw EdgeException.BadInput(
                    $"{Path.Combine(folder, deeper[0])}: a folder inside a class folder; put the pictures directly into {folder}");
            }

            Add(directory, label, inside, pictures);
        }

        return pictures.Count > 0 ? pictures : throw EdgeException.BadInput($"{directory}: contains no pictures");
    }

    /// <inheritdoc cref="FolderCamera.IsCompanion"/>
    public static bool IsCompanion(string name) => FolderCamera.IsCompanion(name);

    private static void Add(string directory, string? label, List<string> names, List<PictureFile> pictures)
    {
        if (pictures.Count + names.Count > MaxPictures)
        {
            throw EdgeException.BadInput($"{directory}: more than {MaxPictures} pictures; split the folder");
        }

        foreach (string name in names)
        {
            pictures.Add(new PictureFile(label is null ? Path.Combine(directory, name) : Path.Combine(directory, label, name), label));
        }
    }

    /// <summary>Names in a folder, files and folders apart, each in ordinal order; symbolic links count as what they point to.</summary>
    private static void Split(string directory, List<string> files, List<string> folders)
    {
        try
        {
            foreach (FileSystemInfo entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", Everything))
            {
                if (IsCompanion(entry.Name))
                {
                    continue;
                }

                bool isFolder = entry is DirectoryInfo || (entry.LinkTarget is not null && Directory.Exists(entry.FullName));
                (isFolder ? folders : files).Add(entry.Name);
                if (files.Count + folders.Count > MaxPictures)
                {
                    throw EdgeException.BadInput($"{directory}: more than {MaxPictures} pictures; split the folder");
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or SecurityException)
        {
            throw EdgeException.BadInput($"{directory}: cannot be listed ({problem.Message})", problem);
        }

        files.Sort(StringComparer.Ordinal);
        folders.Sort(StringComparer.Ordinal);
    }
}
