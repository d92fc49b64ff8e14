using System.Security.Cryptography;
using ResNetEdge.Files;

namespace ResNetEdge.Packages;

/// <summary>
/// The public keys of one PEM file, any of which may have signed a package: a new key is put beside the old one before the old one is taken away.
/// </summary>
internal sealed class TrustedKeys : IDisposable
{
    /// <summary>A file with more keys is refused.</summary>
    public const int MaxKeys = 16;

    /// <summary>A longer file is refused.</summary>
    public const int MaxBytes = 64 << 10;

    private readonly IReadOnlyList<PublicKey> _keys;

    private TrustedKeys(string path, IReadOnlyList<PublicKey> keys) => (Path, _keys) = (path, keys);

    /// <summary>The file, as given.</summary>
    public string Path { get; }

    /// <summary>The keys' names, in the file's order.</summary>
    public IEnumerable<string> Ids => _keys.Select(k => k.Id);

    /// <summary>Reads a file of one or more public keys.</summary>
    /// <exception cref="EdgeException">Exit 3: it cannot be read, or holds something else. Exit 5: OpenSSL is missing.</exception>
    public static TrustedKeys Read(string path)
    {
        string text = Utf8Text.Decode(BoundedFile.Read(path, MaxBytes, "key file"), path);
        var keys = new List<PublicKey>();
        try
        {
            foreach (byte[] key in Blocks(text, path)) keys.Add(PublicKey.Read(key));
            if (keys.Count == 0)
                throw EdgeException.BadInput(
                    $"{path}: contains no public key (no '-----BEGIN {PublicKey.PemLabel}-----'); 'resnetedge-export keygen' writes one");
            return new TrustedKeys(path, keys);
        }
        catch (Exception e)
        {
            keys.ForEach(k => k.Dispose());
            if (e is CryptographicException)
                throw EdgeException.BadInput($"{path}: contains a key that is not an ECDSA P-256 public key: {e.Message.TrimEnd('.')}", e);
            throw;
        }
    }

    /// <summary>The key of a name; null when it is not one of these.</summary>
    public PublicKey? Find(string id) => _keys.FirstOrDefault(k => k.Id == id);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in _keys) key.Dispose();
    }

    private static List<byte[]> Blocks(string text, string path)
    {
        var blocks = new List<byte[]>();
        ReadOnlySpan<char> rest = text;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label];
            if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
                throw EdgeException.BadInput(
                    $"{path}: contains a private key, which does not belong on a device; use the public key, the file ending in .pub");
            if (label is not PublicKey.PemLabel) throw EdgeException.BadInput($"{path}: contains '{label}', which is not a public key");
            if (blocks.Count == MaxKeys) throw EdgeException.BadInput($"{path}: contains more than {MaxKeys} keys");
            blocks.Add(Convert.FromBase64String(rest[fields.Base64Data].ToString()));
            rest = rest[fields.Location.End..];
        }

        return blocks;
    }
}
