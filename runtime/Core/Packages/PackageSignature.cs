using System.Text.Json;
using System.Text.Json.Serialization;

namespace ResNetEdge.Packages;

/// <summary>The package's file <c>signature</c>: who signed the manifest, which lists every other file's SHA-256, and so the whole package.</summary>
/// <param name="Algorithm">Always <see cref="EcdsaP256Sha256"/>.</param>
/// <param name="KeyId">SHA-256 of the public key's SubjectPublicKeyInfo, 64 lower-case hexadecimal digits.</param>
/// <param name="Signature">Over the bytes of <c>manifest.json</c>; DER, so that <c>openssl dgst -sha256 -verify</c> reads it.</param>
internal sealed record PackageSignature(string Algorithm, string KeyId, byte[] Signature)
{
    /// <summary>The one algorithm there is; named in the file so that there may be another.</summary>
    public const string EcdsaP256Sha256 = "ecdsa-p256-sha256";

    /// <summary>A longer file is refused.</summary>
    public const int MaxBytes = 4096;

    /// <summary>The file's bytes, UTF-8.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, SignatureContext.Default.PackageSignature), (byte)'\n'];

    /// <summary>Goes on only when one of the keys signed the manifest.</summary>
    /// <param name="files">The package.</param>
    /// <param name="manifest">The very bytes that are parsed afterwards.</param>
    /// <param name="keys">Those trusted.</param>
    /// <returns>The id of the key.</returns>
    /// <exception cref="EdgeException">Exit 4: no signature, a damaged one, one by another key, or one of another manifest.</exception>
    public static string Require(PackageFiles files, ReadOnlySpan<byte> manifest, TrustedKeys keys)
    {
        if (!files.Lengths.TryGetValue(PackageFiles.Signature, out long length))
            throw EdgeException.Refused($"{files.Path}: is not signed, and only packages signed with a key in '{keys.Path}' are accepted; "
                + "sign it with 'resnetedge-export sign'");
        if (length > MaxBytes) throw Damaged(files, $"has {length} bytes, more than the {MaxBytes} allowed");
        var signature = Read(files.Read(PackageFiles.Signature, MaxBytes), files);
        var key = keys.Find(signature.KeyId)
            ?? throw EdgeException.Refused($"{files.Path}: is signed with key {Short(signature.KeyId)}, which is not in '{keys.Path}' "
                + $"({string.Join(", ", keys.Ids.Select(Short))})");
        return key.Verifies(manifest, signature.Signature)
            ? key.Id
            : throw EdgeException.Refused($"{files.Path}: its signature does not match its manifest: one of them was changed after signing");
    }

    private static PackageSignature Read(ReadOnlySpan<byte> json, PackageFiles files)
    {
        try
        {
            var signature = JsonSerializer.Deserialize(json, SignatureContext.Default.PackageSignature) ?? throw new JsonException("it is null");
            if (signature.Algorithm != EcdsaP256Sha256) throw Damaged(files, $"uses an algorithm other than {EcdsaP256Sha256}");
            if (signature.KeyId.Length != 64 || !signature.KeyId.All(char.IsAsciiHexDigitLower)) throw Damaged(files, "names no key");
            return signature;
        }
        catch (JsonException e)
        {
            throw Damaged(files, $"cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    private static string Short(string id) => id[..16];

    private static EdgeException Damaged(PackageFiles files, string reason) =>
        EdgeException.Refused($"{files.Path}: the file '{PackageFiles.Signature}' {reason}; sign the package again");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n", RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PackageSignature))]
internal sealed partial class SignatureContext : JsonSerializerContext;
