using System.Security.Cryptography;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Packages;

/// <summary>Tells whether a package comes from who holds the private key: ECDSA on the curve P-256, over SHA-256.</summary>
/// <remarks>Sources: FIPS 186-5; the file's form RFC 5480 (SubjectPublicKeyInfo) in PEM, RFC 7468.</remarks>
internal sealed class PublicKey : IDisposable
{
    /// <summary>What opens a PEM block of this kind.</summary>
    public const string PemLabel = "PUBLIC KEY";

    private const string CurveOid = "1.2.840.10045.3.1.7"; // NIST P-256, prime256v1
    private readonly ECDsa _key;

    private PublicKey(ECDsa key)
    {
        _key = key;
        Id = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, 64 lower-case hexadecimal digits: what signatures and messages call the key.</summary>
    public string Id { get; }

    /// <summary>Reads one key.</summary>
    /// <param name="subjectPublicKeyInfo">The key as SubjectPublicKeyInfo of RFC 5280, in DER.</param>
    /// <exception cref="CryptographicException">It is not a public key, or one on another curve.</exception>
    /// <exception cref="EdgeException">Exit 5: OpenSSL is missing.</exception>
    public static PublicKey Read(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        OpenSsl.Require("Reading a key");
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out int read);
            if (read != subjectPublicKeyInfo.Length) throw new CryptographicException("bytes follow the key");
            RequireCurve(key);
            return new PublicKey(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Goes on only with a key on P-256.</summary>
    /// <exception cref="CryptographicException">It is on another curve.</exception>
    public static void RequireCurve(ECDsa key)
    {
        var curve = key.ExportParameters(includePrivateParameters: false).Curve;
        if (!curve.IsNamed || curve.Oid.Value != CurveOid) throw new CryptographicException("the key is not on the curve P-256");
    }

    /// <summary>Whether the holder of the private key signed these bytes.</summary>
    /// <param name="data">What was signed.</param>
    /// <param name="signature">DER, a sequence of r and s (RFC 3279), as OpenSSL writes it.</param>
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            return _key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false; // it is no signature at all
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
