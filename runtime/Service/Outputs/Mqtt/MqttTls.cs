using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ResNetEdge.Device;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Service.Outputs.Mqtt;

/// <summary>The encrypted connection to a broker: whom to trust, and in one sentence why a broker is not trusted.</summary>
internal static class MqttTls
{
    private const string Beginning = "-----BEGIN CERTIFICATE-----"; // RFC 7468
    private const int MostBytes = 4 << 20; // a system's whole bundle has a quarter of a MiB
    private const int LongestName = 100; // that is repeated of what a stranger's certificate says

    /// <summary>Refuses what can never work, at once rather than at the first connection.</summary>
    /// <exception cref="EdgeException">Exit 3: 'ca_file', 'cert_file' or 'key_file' is not what it should be. Exit 5: OpenSSL is missing.</exception>
    public static void Require(MqttSettings settings)
    {
        OpenSsl.Require($"output '{settings.Name}' with 'tls: true'");
        try
        {
            Forget(Trusted(settings.CaFile));
            ClientCertificate.Of(settings)?.Dispose();
        }
        catch (IOException e)
        {
            throw EdgeException.BadInput($"output '{settings.Name}': {e.Message}", e);
        }
    }

    /// <summary>Encrypts a connection, after the broker showed a certificate that is trusted and made out to the host.</summary>
    /// <exception cref="IOException">It showed none such, does not speak TLS, or a file of ours cannot be used; one sentence.</exception>
    /// <exception cref="OperationCanceledException">The limit is over.</exception>
    public static async Task<SslStream> SecureAsync(Stream stream, MqttSettings settings, CancellationToken limit)
    {
        using var shown = ClientCertificate.Of(settings);
        var trusted = Trusted(settings.CaFile);
        // A certificate that nobody has checked yet must not choose what is fetched from where.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (settings.CaFile is not null) policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(trusted);
        string? objection = null;
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = settings.Host,
                    ClientCertificateContext = shown?.Context,
                    CertificateChainPolicy = policy,
                    AllowRenegotiation = false, // whom to trust is decided once
                    RemoteCertificateValidationCallback = (_, _, chain, errors) => (objection = Objection(settings, chain, errors)) is null,
                }, limit).ConfigureAwait(false);
            return secure;
        }
        catch (Exception e)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            if (e is not (AuthenticationException or IOException)) throw;
            throw new IOException(objection ?? $"no TLS connection (is this the broker's port for TLS?): {NetworkTrouble.Reason(e)}", e);
        }
        finally
        {
            Forget(trusted);
        }
    }

    /// <summary>The certificates of 'ca_file', read again for each connection, so that they may be changed while the service runs.</summary>
    /// <exception cref="IOException">It cannot be read, or holds none.</exception>
    private static X509Certificate2Collection Trusted(string? path)
    {
        var trusted = new X509Certificate2Collection();
        if (path is null) return trusted;
        if (FileFacts.Of(path).Kind is not FileKind.Regular) throw new IOException($"'{path}' is not a file that can be read");
        try
        {
            if (new FileInfo(path).Length > MostBytes) throw new IOException($"'{path}' is too large for a file of certificates");
            using var reader = new StreamReader(RegularFile.Open(path));
            string text = reader.ReadToEnd();
            trusted.ImportFromPem(text);
            if (text.AsSpan().Count(Beginning) > trusted.Count) throw new CryptographicException("its base64 is incomplete");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
        catch (CryptographicException e)
        {
            Forget(trusted);
            throw new IOException($"'{path}' contains a damaged certificate: {e.Message}", e);
        }

        return trusted.Count > 0 ? trusted : throw new IOException($"'{path}' contains no PEM certificate, which begins with {Beginning}");
    }

    private static void Forget(X509Certificate2Collection certificates)
    {
        foreach (var certificate in certificates) certificate.Dispose();
    }

    /// <summary>Everything that is wrong with what the broker showed; null: nothing.</summary>
    private static string? Objection(MqttSettings settings, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return null;
        if (chain is null || chain.ChainElements.Count == 0) return "the broker sent no certificate";
        var own = chain.ChainElements[0].Certificate;
        var reasons = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            reasons.Add($"it is for '{Short(own.GetNameInfo(X509NameType.DnsName, forIssuer: false))}', not for '{settings.Host}'");
        // What is wrong with one may be said of all above it too.
        var troubles = chain.ChainElements.SelectMany(e => e.ChainElementStatus.Select(status => (e.Certificate, Status: status)))
            .DistinctBy(t => t.Status.Status);
        reasons.AddRange(troubles.Select(
            t => Reason(settings, chain, t.Certificate, t.Certificate == own ? "it" : $"'{Short(t.Certificate.Subject)}' above it", t.Status)));
        if (reasons.Count == 0) reasons.Add($"{errors}");
        return $"the broker's certificate was rejected: {string.Join("; ", reasons)}";
    }

    private static string Reason(
        MqttSettings settings, X509Chain chain, X509Certificate2 certificate, string which, X509ChainStatus status) => status.Status switch
        {
            X509ChainStatusFlags.NotTimeValid => $"{which} is valid from {Utc(certificate.NotBefore)} to {Utc(certificate.NotAfter)}, "
                + $"and the clock of this machine says {Utc(chain.ChainPolicy.VerificationTime)}",
            X509ChainStatusFlags.NotSignatureValid => $"{which} is not signed by the trusted '{Short(certificate.Issuer)}'",
            X509ChainStatusFlags.NotValidForUsage => $"{which} is not valid for servers",
            X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot =>
                $"its chain ends with '{Short(chain.ChainElements[^1].Certificate.Issuer)}', which is not a root certificate "
                    + $"{(settings.CaFile is { } file ? $"in '{file}'" : "that this machine trusts; set 'ca_file'")}",
            _ => $"{which}: {Short(status.StatusInformation)}",
        };

    private static string Utc(DateTime time) => $"{time.ToUniversalTime():yyyy-MM-dd HH:mm} UTC";

    private static string Short(string text) => text.Length > LongestName ? $"{text.AsSpan(0, LongestName)}..." : text;
}
