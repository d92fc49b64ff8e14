using ResNetEdge.Exporter.Signing;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Unit.Runtime.Packages;

namespace ResNetEdge.Tests.Unit.Exporter.Signing;

/// <summary>A small signed package and the key that signed it, in a folder that is deleted with them.</summary>
internal sealed class SignedSample : IDisposable
{
    private readonly SamplePackage _sample = new();

    public SignedSample(string name = "p")
    {
        Package = _sample.WriteLadder(name);
        (Key, Public) = WriteKey("maker");
        Sign();
    }

    public string Folder => _sample.Folder;

    public string Package { get; }

    /// <summary>The private key's file.</summary>
    public string Key { get; }

    /// <summary>The public key's file.</summary>
    public string Public { get; }

    /// <summary>Text of the file that holds the signature, in a package that is a folder.</summary>
    public string SignatureFile => Path.Combine(Package, PackageFiles.Signature);

    public void Sign()
    {
        using var key = SigningKey.Read(Key);
        PackageSigner.Sign(Package, key);
    }

    public (string Key, string Public) WriteKey(string name)
    {
        using var key = SigningKey.Create();
        var files = KeyFiles.Of(Path.Combine(Folder, name));
        files.Write(key);
        return (files.Private, files.Public);
    }

    /// <summary>Opens the package as a service does that trusts a file of keys.</summary>
    public Package Open(string? keys = null)
    {
        using var trusted = TrustedKeys.Read(keys ?? Public);
        return ResNetEdge.Packages.Package.Open(Package, trusted);
    }

    public void Dispose() => _sample.Dispose();
}
