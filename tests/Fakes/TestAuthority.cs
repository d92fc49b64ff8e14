using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ResNetEdge.Tests.Fakes;

/// <summary>Issues certificates to servers: a root that signs itself, or an intermediate under another authority.</summary>
internal sealed class TestAuthority : IDisposable
{
    public const string ForServers = "1.3.6.1.5.5.7.3.1", ForClients = "1.3.6.1.5.5.7.3.2"; // RFC 5280, 4.2.1.12

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name, TestAuthority? above = null)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _certificate = Sign(request, above, -30, 30, _key);
    }

    public string Pem => _certificate.ExportCertificatePem() + "\n";

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    /// <summary>A certificate for a host, by default for this machine as it calls itself.</summary>
    /// <param name="host">Null: localhost and 127.0.0.1.</param>
    /// <param name="fromDay">Valid from so many days from now.</param>
    /// <param name="toDay">Until so many days from now.</param>
    /// <param name="purpose">Object identifier of what it may be used for.</param>
    /// <param name="issuerUrl">Where the issuer's certificate is said to be had.</param>
    public TestCertificate Issue(string? host = null, int fromDay = -1, int toDay = 1, string purpose = ForServers, Uri? issuerUrl = null) =>
        Make(this, host, fromDay, toDay, purpose, issuerUrl);

    /// <summary>A server's certificate that signs itself.</summary>
    public static TestCertificate SelfSigned() => Make(null, null, -1, 1, ForServers, null);

    private static TestCertificate Make(TestAuthority? issuer, string? host, int fromDay, int toDay, string purpose, Uri? issuerUrl)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=broker", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host ?? "localhost");
        if (host is null) names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        if (issuerUrl is not null) request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [issuerUrl.AbsoluteUri]));
        using var certificate = Sign(request, issuer, fromDay, toDay, null);
        return new TestCertificate(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static X509Certificate2 Sign(CertificateRequest request, TestAuthority? issuer, int fromDay, int toDay, ECDsa? key)
    {
        var (from, to) = (Now.AddDays(fromDay), Now.AddDays(toDay));
        if (issuer is null) return request.CreateSelfSigned(from, to);
        // No authority outlives the one above it.
        var end = new DateTimeOffset(issuer._certificate.NotAfter);
        var certificate = request.Create(issuer._certificate, from < issuer._certificate.NotBefore ? issuer._certificate.NotBefore : from,
            to < end ? to : end, RandomNumberGenerator.GetBytes(16));
        return key is null ? certificate : certificate.CopyWithPrivateKey(key);
    }
}

/// <summary>A server's certificate, or its chain, and the key to it.</summary>
/// <param name="Chain">PEM, the server's own first.</param>
/// <param name="Key">PKCS#8 in PEM.</param>
internal sealed record TestCertificate(string Chain, string Key);
