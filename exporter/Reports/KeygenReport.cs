namespace ResNetEdge.Exporter.Reports;

/// <summary>What <c>keygen</c> wrote.</summary>
/// <param name="PrivateKey">File.</param>
/// <param name="PublicKey">File.</param>
/// <param name="KeyId">SHA-256 of the public key.</param>
internal sealed record KeygenReport(string PrivateKey, string PublicKey, string KeyId);
