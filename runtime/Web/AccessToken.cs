using System.Security.Cryptography;
using System.Text;
using ResNetEdge.Device.Native;
using ResNetEdge.Files;
using ResNetEdge.Packages;
using ResNetEdge.Service;

namespace ResNetEdge.Web;

/// <summary>
/// What a request must bear. A browser gets a cookie instead, which is made from the token: it opens the page as long as the token stays, also
/// after a restart, and does not give the token away.
/// </summary>
internal sealed class AccessToken
{
    /// <summary>A shorter one could be guessed.</summary>
    public const int MinLength = 16;

    /// <summary>A longer one is refused.</summary>
    public const int MaxLength = 256;

    private const int MaxFileBytes = 4096;
    private readonly byte[] _hash;

    private AccessToken(string token)
    {
        _hash = Hash(token);
        Cookie = Sha256.Hex(Encoding.UTF8.GetBytes("cookie of the live page: " + token));
    }

    /// <summary>The cookie's value.</summary>
    public string Cookie { get; }

    /// <summary>Reads the first line of a file.</summary>
    /// <param name="path">As configured.</param>
    /// <param name="log">Told when others can read the file.</param>
    /// <exception cref="EdgeException">Exit 3: it cannot be read, or holds no good token.</exception>
    public static AccessToken Read(string path, Log log)
    {
        if (FileFacts.Of(path).Kind is not (FileKind.Regular or FileKind.Missing))
            throw EdgeException.BadInput($"{path}: the token file is not a regular file");
        string token = Encoding.Latin1.GetString(BoundedFile.Read(path, MaxFileBytes, "token file")).Split('\n')[0].TrimEnd('\r');
        if (token.Length is < MinLength or > MaxLength || !token.All(c => c is > ' ' and <= '~'))
            throw EdgeException.BadInput($"{path}: its first line must be the token: "
                + $"{MinLength} to {MaxLength} letters, digits and symbols without spaces; 'openssl rand -hex 24' makes one");
        if (!TokenStrength.Suffices(token))
            throw EdgeException.BadInput($"{path}: the token in its first line can be guessed: "
                + "it has too few different characters, or too many that repeat or run in sequence; 'openssl rand -hex 24' makes a good one");
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherRead) != 0)
            log.Warning("everyone on this machine can read the live page's token; remove that permission with chmod o-r", ("file", path));
        return new AccessToken(token);
    }

    /// <summary>Whether it is the token; takes as long for a near miss as for a far one.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(_hash, Hash(text));

    /// <summary>Whether it is the cookie's value; in the same way.</summary>
    public bool IsCookie(string text) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Cookie), Encoding.UTF8.GetBytes(text));

    // Our own SHA-256: .NET's loads OpenSSL, several megabytes for this alone.
    private static byte[] Hash(string text) => Encoding.ASCII.GetBytes(Sha256.Hex(Encoding.UTF8.GetBytes(text)));
}
