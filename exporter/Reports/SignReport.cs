namespace ResNetEdge.Exporter.Reports;

/// <summary>What <c>sign</c> wrote.</summary>
/// <param name="Package">As given.</param>
/// <param name="Algorithm">Of the signature.</param>
/// <param name="KeyId">SHA-256 of the public key.</param>
internal sealed record SignReport(string Package, string Algorithm, string KeyId);
