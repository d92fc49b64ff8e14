using ResNetEdge.Device;

namespace ResNetEdge.Files;

/// <summary>A small file from outside, read whole; never more of it than is allowed, whatever its length claims.</summary>
internal static class BoundedFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">As given.</param>
    /// <param name="maxBytes">A longer one is refused.</param>
    /// <param name="what">What messages call it.</param>
    /// <exception cref="EdgeException">Exit 3: missing, unreadable, or too long.</exception>
    public static byte[] Read(string path, int maxBytes, string what)
    {
        try
        {
            using var file = RegularFile.Open(path, 0);
            byte[] buffer = new byte[maxBytes + 1];
            int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length <= maxBytes ? buffer[..length]
                : throw EdgeException.BadInput($"{path}: has more than the {maxBytes} bytes allowed for a {what}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdgeException.BadInput($"{path}: the {what} cannot be read: {e.Message}", e);
        }
    }
}
