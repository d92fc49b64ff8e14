namespace ResNetEdge.Exporter.Reports;

/// <summary>What <c>keygen</c> wrote.</summary>
/// <param name="PrivateKey">Path of the private key's file.</param>
/// <param name="PublicKey">Path of the public key's file.</param>
/// <param name="KeyId">SHA-256 of the public key.</param>
internal sealed record KeygenReport(string PrivateKey, string PublicKey, string KeyId);
