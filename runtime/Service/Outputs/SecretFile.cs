using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Files;

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
        if (path is not null && FileFacts.Of(path).Kind is not FileKind.Regular)
            throw EdgeException.BadInput($"{what}: '{path}' is not a file that can be read");
    }

    /// <summary>The first line of a file, read again each time, so that it may be changed while the service runs.</summary>
    /// <returns>Null when there is no such setting.</returns>
    /// <exception cref="IOException">It cannot be read, is empty or too long.</exception>
    public static string? FirstLine(string? path)
    {
        if (path is null) return null;
        string line = Text(path).Split('\n')[0].TrimEnd('\r');
        return line.Length > 0 && !line.Any(char.IsControl) ? line : throw new IOException($"'{path}' contains no line of text");
    }

    /// <summary>All of a file, read again each time.</summary>
    /// <exception cref="IOException">It cannot be read or is too long.</exception>
    public static string Text(string path)
    {
        try
        {
            using var file = RegularFile.Open(path, 0);
            var bytes = new byte[MostBytes];
            int length = file.ReadAtLeast(bytes, MostBytes, throwOnEndOfStream: false);
            if (length == MostBytes) throw new IOException($"'{path}' is too large for a secret");
            if (Utf8Text.Fault(bytes.AsSpan(0, length)) is not null) throw new IOException($"'{path}' is not UTF-8 text; save it as UTF-8");
            return Encoding.UTF8.GetString(Utf8Text.WithoutMark(bytes.AsSpan(0, length)));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
