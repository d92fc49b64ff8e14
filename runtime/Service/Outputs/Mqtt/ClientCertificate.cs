using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ResNetEdge.Service.Outputs.Mqtt;

/// <summary>
/// The certificate by which this client shows who it is, read again for each connection, so that it may be renewed while the service runs.
/// </summary>
internal sealed class ClientCertificate : IDisposable
{
    private readonly X509Certificate2Collection _chain = [];

    /// <summary>Reads the certificate, those above it, and its key.</summary>
    /// <param name="certificateFile">PEM: the client's own first, then intermediates.</param>
    /// <param name="keyFile">Its private key, PEM, not encrypted.</param>
    /// <exception cref="IOException">One of them cannot be read, or they do not fit; one sentence.</exception>
    public ClientCertificate(string certificateFile, string keyFile)
    {
        string certificates = SecretFile.Text(certificateFile), key = SecretFile.Text(keyFile);
        try
        {
            _chain.ImportFromPem(certificates);
            if (_chain.Count == 0) throw new IOException($"'{certificateFile}' contains no PEM certificate");
            var own = X509Certificate2.CreateFromPem(certificates, key);
            _chain[0].Dispose();
            _chain[0] = own;
            Context = SslStreamCertificateContext.Create(own, [.. _chain.Skip(1)], offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            Dispose();
            throw new IOException($"'{certificateFile}' and '{keyFile}' are not a certificate and its private key in PEM: {e.Message}", e);
        }
    }

    /// <summary>For the handshake.</summary>
    public SslStreamCertificateContext? Context { get; }

    /// <summary>What the settings name; null: nothing.</summary>
    /// <exception cref="IOException">It cannot be used.</exception>
    public static ClientCertificate? Of(MqttSettings settings) =>
        settings.CertificateFile is { } certificate && settings.KeyFile is { } key ? new(certificate, key) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var certificate in _chain) certificate.Dispose();
    }
}
