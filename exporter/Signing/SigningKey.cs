using System.Security.Cryptography;
using ResNetEdge.Device.Native;
using ResNetEdge.Files;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Signing;

/// <summary>The private key that packages are signed with: ECDSA on P-256. It never comes near a device.</summary>
/// <remarks>The file: PKCS#8 (RFC 5958) in PEM, as <c>openssl genpkey</c> writes it; SEC 1 (<c>EC PRIVATE KEY</c>) is read too.</remarks>
internal sealed class SigningKey : IDisposable
{
    private const int MaxBytes = 64 << 10;
    private readonly ECDsa _key;

    private SigningKey(ECDsa key) => _key = key;

    /// <summary>A new key.</summary>
    /// <exception cref="EdgeException">Exit 5: OpenSSL is missing.</exception>
    public static SigningKey Create()
    {
        OpenSsl.Require("Making a key");
        return new(ECDsa.Create(ECCurve.NamedCurves.nistP256));
    }

    /// <summary>Reads a private key.</summary>
    /// <exception cref="EdgeException">Exit 3: the file cannot be read, or holds no such key. Exit 5: OpenSSL is missing.</exception>
    public static SigningKey Read(string path)
    {
        string text = Utf8Text.Decode(BoundedFile.Read(path, MaxBytes, "key file"), path);
        if (text.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal))
            throw EdgeException.BadInput(
                $"{path}: the key is encrypted; remove the password with 'openssl pkey -in FILE -out PLAIN' into a file that only you can read");
        if (!text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            throw EdgeException.BadInput($"{path}: contains no private key; signing needs the .key file written by 'resnetedge-export keygen'");
        OpenSsl.Require("Signing");
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
            PublicKey.RequireCurve(key);
            return new(key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw EdgeException.BadInput($"{path}: contains no ECDSA P-256 private key: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>Signs a manifest.</summary>
    /// <param name="data">The bytes of a manifest.</param>
    public PackageSignature Sign(ReadOnlySpan<byte> data)
    {
        using var half = Public();
        return new(PackageSignature.EcdsaP256Sha256, half.Id, _key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    /// <summary>The half that devices hold.</summary>
    public PublicKey Public() => PublicKey.Read(_key.ExportSubjectPublicKeyInfo());

    /// <summary>Its file: PKCS#8, PEM.</summary>
    public string PrivatePem() => _key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>The public half's file: SubjectPublicKeyInfo, PEM.</summary>
    public string PublicPem() => _key.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
