using ResNetEdge.Device;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Service.Outputs;

/// <summary>Secrets lie in files of their own, so that a configuration can be shown around.</summary>
internal static class SecretFile
{
    private const int MostBytes = 16 << 10;

    /// <summary>Refuses a file that is not there, at once rather than at the first use.</summary>
    /// <param name="path">Null: there is no such setting.</param>
    /// <param name="what">What names the file, the beginning of a sentence.</param>
    /// <exception cref="EdgeException">Exit 3.</exception>
    public static void Require(string? path, string what)
    {
        if (path is not null && FileFacts.Of(path).Kind is not FileKind.Regular) throw EdgeException.BadInput($"{what}: '{path}' is no file that can be read");
    }

    /// <summary>The first line of a file, read anew each time, so that it may be changed while the service runs.</summary>
    /// <returns>Null when there is no such setting.</returns>
    /// <exception cref="IOException">It cannot be read, is empty or too long.</exception>
    public static string? FirstLine(string? path)
    {
        if (path is null) return null;
        string line = Text(path).Split('\n')[0].TrimEnd('\r');
        return line.Length > 0 && !line.Any(char.IsControl) ? line : throw new IOException($"'{path}' holds no line of text");
    }

    /// <summary>All of a file, read anew each time.</summary>
    /// <exception cref="IOException">It cannot be read or is too long.</exception>
    public static string Text(string path)
    {
        try
        {
            using var file = new StreamReader(RegularFile.Open(path));
            var text = new char[MostBytes];
            int length = file.ReadBlock(text);
            return length < MostBytes ? new string(text, 0, length) : throw new IOException($"'{path}' is longer than any secret");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
