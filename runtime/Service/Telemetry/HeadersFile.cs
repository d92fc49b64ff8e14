using System.Net.Http.Headers;
using ResNetEdge.Service.Outputs;

namespace ResNetEdge.Service.Telemetry;

/// <summary>
/// Headers that go along with a request, in a file of their own since keys are among them: a line
/// <c>Name: value</c> each, empty lines and those with <c>#</c> left out.
/// </summary>
internal static class HeadersFile
{
    private const int MostHeaders = 16;

    /// <summary>Adds the headers of a file, one <c>Name: value</c> a line, to those of a request.</summary>
    /// <exception cref="IOException">It cannot be read, is too long, or has a line that is not a
    /// header; the message holds none of its values.</exception>
    public static void AddTo(HttpRequestHeaders headers, string path)
    {
        int line = 0, count = 0;
        foreach (string written in SecretFile.Text(path).Split('\n'))
        {
            line++;
            string header = written.Trim();
            if (header.Length == 0 || header[0] == '#') continue;
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            if (++count > MostHeaders) throw new IOException($"'{path}' has more than {MostHeaders} headers");
            if (colon < 1 || !TryAdd(headers, header[..colon].TrimEnd(), header[(colon + 1)..].TrimStart()))
                throw new IOException($"'{path}', line {line}: not a header of the form 'Name: value'");
        }
    }

    private static bool TryAdd(HttpRequestHeaders headers, string name, string value)
    {
        try
        {
            return !value.Any(char.IsControl) && headers.TryAddWithoutValidation(name, value);
        }
        catch (FormatException)
        {
            return false; // the name holds what no name may hold
        }
    }
}
