using System.Globalization;
using System.Text;

namespace ResNetEdge.Device.Sensors;

/// <summary>Small files of sysfs. A sensor that fails gives no value; it never stops a service.</summary>
internal static class SysFile
{
    private const int MaxBytes = 256, MaxTextBytes = 64 << 10;

    /// <summary>The first line, or null when there is no such file or it cannot be read now (EIO, EAGAIN, ENODEV, no permission).</summary>
    public static string? ReadLine(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
            Span<byte> bytes = stackalloc byte[MaxBytes];
            int length = file.Read(bytes);
            string text = Encoding.UTF8.GetString(bytes[..length]);
            int end = text.IndexOf('\n', StringComparison.Ordinal);
            return (end < 0 ? text : text[..end]).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a sensor that is not there is an answer too
        }
    }

    /// <summary>Writes a value, in one call.</summary>
    /// <exception cref="IOException">No such file, no permission, or the driver refuses the value; the sentence names the file.</exception>
    public static void Write(string path, string value)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            if (file.Length > value.Length) file.SetLength(0); // nothing to the kernel, but its stand-in is a file
            file.Write(Encoding.ASCII.GetBytes(value));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path} cannot be written: no permission", e);
        }
        catch (IOException e)
        {
            throw new IOException($"{path} does not accept '{value}': {e.Message}", e);
        }
    }

    /// <summary>All lines of a longer file; none if there is no such file or it cannot be read now.</summary>
    public static IReadOnlyList<string> ReadLines(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
            var bytes = new byte[MaxTextBytes];
            return Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).Split('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The number in the line that begins with a name, as in <c>MemAvailable:  123 kB</c>; null when there is none.</summary>
    public static long? ReadField(string path, string name)
    {
        foreach (string line in ReadLines(path))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, var number, ..] && first == name)
                return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
        }

        return null;
    }

    /// <summary>A whole number, or null.</summary>
    public static long? ReadNumber(string path) =>
        long.TryParse(ReadLine(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>A hexadecimal number, with or without 0x, or null.</summary>
    public static ulong? ReadHex(string path)
    {
        string? text = ReadLine(path);
        if (text?.StartsWith("0x", StringComparison.OrdinalIgnoreCase) == true) text = text[2..];
        return ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number) ? number : null;
    }

    /// <summary>Folders whose names begin with this, in order; none if the parent does not exist.</summary>
    public static IReadOnlyList<string> Folders(string place, string prefix)
    {
        try
        {
            return Directory.Exists(place)
                ? [.. Directory.EnumerateFileSystemEntries(place, prefix + "*").Order(StringComparer.Ordinal).Take(64)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
