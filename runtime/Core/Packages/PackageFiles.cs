using System.Security.Cryptography;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Packages;

/// <summary>The files of a package wherever they lie; names are relative with forward slashes.</summary>
internal abstract class PackageFiles : IDisposable
{
    /// <summary>The model.</summary>
    public const string Model = "model.onnx";

    /// <summary>The manifest.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>Class names, one a line.</summary>
    public const string Labels = "labels.txt";

    /// <summary>Replacements of hidden blocks.</summary>
    public const string Ladder = "ladder.onnx";

    /// <summary>Not listed in the manifest, because it signs it.</summary>
    public const string Signature = "signature";

    /// <summary>A package with more files is refused.</summary>
    public const int MaxCount = 10_000;

    /// <summary>What messages call the package: the path the user gave.</summary>
    public abstract string Path { get; }

    /// <summary>All files with their lengths in bytes.</summary>
    public abstract IReadOnlyDictionary<string, long> Lengths { get; }

    /// <summary>Opens the folder or zip archive of a package.</summary>
    /// <exception cref="EdgeException">Exit 3: missing, unreadable or hostile.</exception>
    public static PackageFiles Open(string path) => Directory.Exists(path) ? new FolderFiles(path) : new ZipFiles(path);

    /// <summary>
    /// From a manifest whose signature was checked: the SHA-256 that each file must have. Once set, <see cref="Read"/> and <see cref="ReadPinned"/>
    /// hand out no bytes but those, so that between checking and using there is no gap. Null: not asked for.
    /// </summary>
    public IReadOnlyDictionary<string, string>? SignedHashes { get; set; }

    /// <summary>Reads a whole file.</summary>
    /// <param name="name">One of <see cref="Lengths"/>.</param>
    /// <param name="maxBytes">A longer file is refused.</param>
    /// <exception cref="EdgeException">Exit 3: missing, too long, unreadable or damaged. Exit 4: not the one that was signed.</exception>
    public byte[] Read(string name, long maxBytes)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(Length(name, maxBytes));
        Walk(name, stream => stream.ReadExactly(bytes));
        CheckSigned(name, bytes);
        return bytes;
    }

    /// <summary>Reads a whole file into memory of its own.</summary>
    /// <inheritdoc cref="Read(string, long)"/>
    public FileBytes ReadPinned(string name, long maxBytes)
    {
        var bytes = new FileBytes(Length(name, maxBytes));
        Walk(name, stream => stream.ReadExactly(bytes.GetSpan()));
        CheckSigned(name, bytes.GetSpan());
        return bytes;
    }

    // OpenSSL's SHA-256, ten times as fast as our own: who checks a signature has loaded it already.
    private void CheckSigned(string name, ReadOnlySpan<byte> bytes)
    {
        if (SignedHashes is null) return;
        if (!SignedHashes.TryGetValue(name, out string? hash)) throw EdgeException.Refused($"{Path}: '{name}' is not listed in the signed manifest");
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != hash)
            throw EdgeException.Refused($"{Path}: '{name}' is not the file that was signed (SHA-256 differs)");
    }

    private int Length(string name, long maxBytes)
    {
        if (!Lengths.TryGetValue(name, out long length)) throw Fail($"'{name}' is missing");
        if (length > Math.Min(maxBytes, Array.MaxLength))
            throw Fail($"'{name}' has {length} bytes, more than the {Math.Min(maxBytes, Array.MaxLength)} allowed");
        return (int)length;
    }

    /// <summary>Opens a file for reading, whatever its length, and closes it.</summary>
    /// <exception cref="EdgeException">Exit 3: missing, unreadable or damaged.</exception>
    public void Walk(string name, Action<Stream> read)
    {
        if (!Lengths.ContainsKey(name)) throw Fail($"'{name}' is missing");
        try
        {
            using var stream = OpenStream(name);
            read(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Fail($"'{name}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The exception for a package that cannot be used.</summary>
    public EdgeException Fail(string reason, Exception? inner = null) => EdgeException.BadInput($"{Path}: {reason}", inner);

    /// <summary>Whether a name stays inside the package: relative, no <c>..</c>, no backslash, colon or control character.</summary>
    public static bool IsSafeName(string name) =>
        name.Length is > 0 and < 512 && !name.Any(c => c is '\\' or ':' || char.IsControl(c))
            && name.Split('/').All(part => part.Length > 0 && part is not "." and not "..");

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Opens a file that exists.</summary>
    protected abstract Stream OpenStream(string name);
}
