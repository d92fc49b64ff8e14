using System.Text;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Signing;

/// <summary>The two files of a new key. An existing file is never touched: a lost private key means a visit to every device.</summary>
/// <param name="Private">For the maker alone: mode 0600.</param>
/// <param name="Public">For devices.</param>
internal sealed record KeyFiles(string Private, string Public)
{
    /// <summary>The files that belong to a name: <c>NAME.key</c> and <c>NAME.pub</c>.</summary>
    public static KeyFiles Of(string name) => new($"{name}.key", $"{name}.pub");

    /// <summary>Writes both, or neither.</summary>
    /// <exception cref="EdgeException">Exit 3: one of them exists. Exit 5: no permission, a read-only or full disk.</exception>
    public void Write(SigningKey key)
    {
        foreach (string path in (string[])[Private, Public])
        {
            if (Path.Exists(path))
                throw EdgeException.BadInput($"{path}: already exists, and a key is never overwritten; choose another name, or move the file away");
        }

        AtomicFile.Guard(Private, () =>
        {
            WriteNew(Private, key.PrivatePem(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            try
            {
                WriteNew(Public, key.PublicPem(), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            }
            catch
            {
                File.Delete(Private);
                throw;
            }
        });
    }

    // CreateNew: never over a file that came meanwhile, and never through a link. The mode stands before the first byte is written.
    private static void WriteNew(string path, string pem, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        using var file = new FileStream(path, options);
        try
        {
            file.Write(Encoding.ASCII.GetBytes(pem));
            file.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
