using ResNetEdge.Device;

namespace ResNetEdge.Cli.Inputs;

/// <summary>What a file given to <c>run</c> holds.</summary>
internal enum InputKind
{
    Picture,
    Array,
    Arrays,
    Nothing,
}

/// <summary>One file to run.</summary>
/// <param name="Path">As given, or found in a folder.</param>
/// <param name="Name">What output files are called after: the file's name without its ending, for files of a folder with the folders between.</param>
/// <param name="Kind">Told by the ending: <c>.npy</c>, <c>.npz</c>, else a picture.</param>
internal sealed record InputPath(string Path, string Name, InputKind Kind)
{
    private static readonly string[] PictureEndings = [".jpg", ".jpeg", ".png", ".ppm", ".pgm", ".bmp"];

    /// <summary>Stands for the input of a model that has none.</summary>
    public static InputPath Nothing { get; } = new("no input", "output", InputKind.Nothing);

    /// <summary>Replaces each folder by the pictures in it and below it, in ordinal order.</summary>
    /// <param name="operands">As given on the command line.</param>
    /// <param name="note">Told how many files of a folder do not have a picture's extension and were skipped.</param>
    /// <exception cref="EdgeException">Exit 3: a path that is not there, or a folder without a picture.</exception>
    public static List<InputPath> Expand(IReadOnlyList<string> operands, Action<string> note)
    {
        var inputs = new List<InputPath>();
        foreach (string operand in operands)
        {
            if (Directory.Exists(operand)) inputs.AddRange(Folder(operand, note));
            else if (File.Exists(operand)) inputs.Add(Single(operand, System.IO.Path.GetFileName(operand)));
            else throw EdgeException.BadInput($"no such file or folder: '{SafeAddress.Show(operand)}'");
        }

        return inputs;
    }

    /// <summary>Checks that no two inputs would write the same output files.</summary>
    /// <exception cref="EdgeException">Exit 2.</exception>
    public static void CheckNames(IReadOnlyList<InputPath> inputs)
    {
        foreach (var group in inputs.GroupBy(i => i.Name, StringComparer.Ordinal))
        {
            if (group.Skip(1).FirstOrDefault() is { } second)
                throw new EdgeException(
                    FailureKind.Usage, $"'{group.First().Path}' and '{second.Path}' would write the same output files; use different output folders");
        }
    }

    private static IEnumerable<InputPath> Folder(string folder, Action<string> note)
    {
        var (pictures, others) = (new List<string>(), 0);
        try
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                if (PictureEndings.Contains(System.IO.Path.GetExtension(file).ToLowerInvariant())) pictures.Add(file);
                else others++;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdgeException.BadInput($"the folder '{folder}' cannot be read: {e.Message}", e);
        }

        if (pictures.Count == 0) throw EdgeException.BadInput($"the folder '{folder}' contains no pictures ({string.Join(' ', PictureEndings)})");
        if (others > 0) note($"{others} files in '{folder}' do not have a picture's extension and were skipped");
        pictures.Sort(StringComparer.Ordinal);
        return pictures.Select(p => Single(p, System.IO.Path.GetRelativePath(folder, p)));
    }

    private static InputPath Single(string path, string relative)
    {
        string ending = System.IO.Path.GetExtension(path).ToLowerInvariant();
        var kind = ending switch { ".npy" => InputKind.Array, ".npz" => InputKind.Arrays, _ => InputKind.Picture };
        return new InputPath(path, System.IO.Path.ChangeExtension(relative, null).Replace('/', '_'), kind);
    }
}
