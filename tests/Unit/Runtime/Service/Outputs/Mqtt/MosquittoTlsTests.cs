using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Mqtt;

/// <summary>Against mosquitto over TLS: who is trusted, who is not, and that nothing passes in the clear.</summary>
public sealed class MosquittoTlsTests : MosquittoTlsBench
{
    [SkippableTheory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public void Results_and_events_arrive_and_nobody_reads_along(string host)
    {
        Start(_root.Issue());
        var heard = _broker.Subscribe("t/#");
        using (var sink = Open(_root.Pem, host))
        {
            for (int i = 0; i < 200; i++)
            {
                using var result = SinkBench.Result(i);
                sink.Accept(result);
                sink.Accept(SinkBench.Event(i));
                SinkBench.Until(() => sink.Status.Queued < 50, "room");
            }

            SinkBench.Until(() => sink.Status.Delivered == 400, $"the broker to take all; {sink.Status}");
            Assert.Equal((0L, 0L, null), (sink.Status.Failures, sink.Status.Dropped, sink.Status.LastError));
        }

        var lines = heard(l => l.Contains("t/status offline", StringComparison.Ordinal));
        foreach (string topic in new[] { "t/result", "t/rule/door" })
        {
            Assert.Equal(
                Enumerable.Range(0, 200),
                lines.Where(l => l.StartsWith(topic + " {", StringComparison.Ordinal))
                    .Select(l => JsonDocument.Parse(l[(topic.Length + 1)..]).RootElement.GetProperty("frame").GetInt32()));
        }

        AssertNothingReadable();
    }

    [SkippableTheory]
    [InlineData("of the root")]
    [InlineData("of an intermediate that the broker sends")]
    [InlineData("of an intermediate that the file has")]
    [InlineData("that is self-signed, in the file")]
    [InlineData("of one of many roots")]
    [InlineData("of one of many roots, with text between them")]
    public void A_certificate_is_trusted(string certificate)
    {
        var own = TestAuthority.SelfSigned();
        var (shown, trusted) = certificate switch
        {
            "of the root" => (_root.Issue(), _root.Pem),
            "of an intermediate that the broker sends" => (Chained(_intermediate.Issue()), _root.Pem),
            "of an intermediate that the file has" => (_intermediate.Issue(), _intermediate.Pem + _root.Pem),
            "that is self-signed, in the file" => (own, own.Chain),
            "of one of many roots" => (_root.Issue(), _otherRoot.Pem + _root.Pem + own.Chain),
            _ => (_root.Issue(), "# Other root\r\n" + _otherRoot.Pem.ReplaceLineEndings("\r\n") + "\r\n# Root\r\n" + _root.Pem),
        };
        Start(shown);
        using var sink = Open(trusted);
        sink.Accept(SinkBench.Event(1));
        SinkBench.Until(() => sink.Status.Delivered == 1, $"the message; {sink.Status}");
        // The second connection may resume the first one's session.
        _wire.Drop();
        SinkBench.Until(() => sink.Status.Failures == 1, "the end of the connection");
        sink.Accept(SinkBench.Event(2));
        AssertGoesOn(sink, 2);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_broker_that_asks_for_a_certificate_is_shown_one_also_after_it_was_renewed(bool isIntermediate)
    {
        var shown = Issue(isIntermediate);
        string certificate = Path.Combine(_bench.Folder, "me.pem"), key = Path.Combine(_bench.Folder, "me.key");
        string roots = Path.Combine(_bench.Folder, "roots.pem");
        File.WriteAllText(roots, _root.Pem);
        Start(_root.Issue(), $"cafile {roots}\nrequire_certificate true\n");
        Write(TestAuthority.SelfSigned()); // nobody that the broker knows
        File.WriteAllText(_caFile, _root.Pem);
        using var sink = (Settings(_caFile) with { CertificateFile = certificate, KeyFile = key }).Open(_bench.Context);
        sink.Accept(SinkBench.Event(1));
        SinkBench.Until(() => sink.Status.Failures > 0, "the refusal");
        Assert.Contains("the broker ended the connection", sink.Status.LastError, StringComparison.Ordinal);
        Write(shown);
        AssertGoesOn(sink, 1);

        void Write(TestCertificate made)
        {
            File.WriteAllText(certificate, made.Chain);
            File.WriteAllText(key, made.Key);
        }
    }

    [Fact]
    public void A_certificate_without_its_own_key_is_refused_at_the_start()
    {
        string certificate = Path.Combine(_bench.Folder, "me.pem"), key = Path.Combine(_bench.Folder, "me.key");
        File.WriteAllText(certificate, Issue(false).Chain);
        File.WriteAllText(key, Issue(false).Key);
        var refused = Assert.Throws<EdgeException>(() => (Settings(null) with { CertificateFile = certificate, KeyFile = key }).Open(_bench.Context));
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.Contains($"'{certificate}' and '{key}' are not a certificate and its private key", refused.Message, StringComparison.Ordinal);
    }

    private TestCertificate Issue(bool isIntermediate) => isIntermediate
        ? Chained(_intermediate.Issue(purpose: TestAuthority.ForClients)) : _root.Issue(purpose: TestAuthority.ForClients);

    [SkippableTheory]
    [InlineData("of another root", "its chain ends with 'CN=Other root', which is not a root certificate in '{ca}'")]
    [InlineData("of another root by the same name", "it is not signed by the trusted 'CN=Root'")]
    [InlineData("of an intermediate that nobody has", "its chain ends with 'CN=Intermediate', which is not a root certificate in '{ca}'")]
    [InlineData("for another host", "it is for 'other.example', not for 'localhost'")]
    [InlineData("for another host with a long name", "...', not for 'localhost'")]
    [InlineData("for the host's name, not its address", "it is for 'localhost', not for '127.0.0.1'")]
    [InlineData("expired", "UTC, and the clock of this machine says 20")]
    [InlineData("not valid yet", "UTC, and the clock of this machine says 20")]
    [InlineData("for clients", "the broker's certificate was rejected: it is not valid for servers")]
    [InlineData("that is self-signed", "its chain ends with 'CN=broker', which is not a root certificate in '{ca}'")]
    [InlineData("expired, for another host, of another root", "it is for 'other.example', not for 'localhost'; it is valid from")]
    public void A_certificate_is_refused_until_the_broker_has_a_better_one(string certificate, string why)
    {
        using var namesake = new TestAuthority("Root");
        Start(certificate switch
        {
            "of another root" => _otherRoot.Issue(),
            "of another root by the same name" => namesake.Issue(),
            "of an intermediate that nobody has" => _intermediate.Issue(),
            "for another host" => _root.Issue("other.example"),
            "for another host with a long name" => _root.Issue(string.Join('.', Enumerable.Repeat(new string('x', 60), 3))),
            "for the host's name, not its address" => _root.Issue("localhost"),
            "expired" => _root.Issue(fromDay: -10, toDay: -3),
            "not valid yet" => _root.Issue(fromDay: 3, toDay: 10),
            "for clients" => _root.Issue(purpose: TestAuthority.ForClients),
            "that is self-signed" => TestAuthority.SelfSigned(),
            _ => _otherRoot.Issue("other.example", fromDay: -10, toDay: -3),
        });
        using var sink = Open(_root.Pem, certificate == "for the host's name, not its address" ? "127.0.0.1" : "localhost");
        AssertRefused(sink, why);
        _broker.Kill();
        _broker.Start(_root.Issue());
        AssertGoesOn(sink, 1);
    }

    [SkippableFact]
    public void Without_a_file_the_systems_roots_are_trusted_and_no_others()
    {
        Start(TestAuthority.SelfSigned());
        using var sink = Open(null);
        AssertRefused(sink, "its chain ends with 'CN=broker', which is not a root certificate that this machine trusts; set 'ca_file'");
    }

    [SkippableFact]
    public void A_certificate_that_is_not_trusted_has_nothing_fetched()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        Start(_intermediate.Issue(issuerUrl: new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/intermediate.crt")));
        using var sink = Open(_root.Pem);
        AssertRefused(sink, "its chain ends with 'CN=Intermediate'");
        Assert.False(server.Pending());
    }

    [SkippableFact]
    public void A_broker_that_speaks_plain_is_told_nothing()
    {
        Start(_root.Issue());
        _wire.Target = _broker.Port;
        using var sink = Open(_root.Pem);
        AssertRefused(sink, "no TLS connection (is this the broker's port for TLS?): ");
        _wire.Target = _broker.TlsPort;
        AssertGoesOn(sink, 1);
    }

    [SkippableFact]
    public void A_broker_that_wants_a_certificate_of_the_client_is_told()
    {
        File.WriteAllText(_caFile, _root.Pem);
        Start(_root.Issue(), $"cafile {_caFile}\nrequire_certificate true\n");
        using var sink = Open(_root.Pem);
        AssertRefused(sink, "the broker ended the connection after the TLS handshake: ");
    }

    [SkippableTheory]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x40, 2, 0, 1 })]
    [InlineData(new byte[] { 0x17, 3, 3, 0, 5, 1, 2, 3, 4, 5 })]
    [InlineData(new byte[] { 0x16, 3, 3, 0, 4, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x15, 3, 3, 0, 2, 2, 40 })]
    [InlineData(new byte[] { 0x17, 3, 3, 0xFF, 0xFF, 1 })]
    public void What_somebody_says_in_between_ends_the_connection_and_nothing_is_lost(byte[] bytes)
    {
        Start(_root.Issue());
        using var sink = Open(_root.Pem);
        sink.Accept(SinkBench.Event(1));
        SinkBench.Until(() => sink.Status.Delivered == 1, $"the message; {sink.Status}");
        _wire.Inject(bytes);
        if (bytes[^1] == 1) _wire.Drop(); // in the middle of a record
        SinkBench.Until(() => sink.Status.Failures == 1, "the end of the connection");
        sink.Accept(SinkBench.Event(2));
        AssertGoesOn(sink, 2);
    }
}
