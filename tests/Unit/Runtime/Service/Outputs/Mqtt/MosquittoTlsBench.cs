using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Mqtt;

/// <summary>Mosquitto over TLS with a wiretap before it, two authorities, and what tests ask of an output there.</summary>
public abstract class MosquittoTlsBench : IDisposable
{
    private readonly FakeTime _time = new(); // stands still: the next attempt comes when it is moved
    private protected readonly SinkBench _bench;
    private protected readonly Mosquitto _broker;
    private protected readonly Wiretap _wire = new();
    private protected readonly TestAuthority _root = new("Root"), _otherRoot = new("Other root");
    private protected readonly TestAuthority _intermediate;
    private protected readonly string _caFile;

    protected MosquittoTlsBench()
    {
        _bench = new SinkBench(_time);
        _broker = new Mosquitto(_bench.Folder);
        _intermediate = new TestAuthority("Intermediate", _root);
        _caFile = Path.Combine(_bench.Folder, "ca.pem");
        File.WriteAllText(Path.Combine(_bench.Folder, "password"), "s3cret");
    }

    public void Dispose()
    {
        _wire.Dispose();
        _broker.Dispose();
        foreach (var authority in new[] { _root, _otherRoot, _intermediate }) authority.Dispose();
        _bench.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected TestCertificate Chained(TestCertificate certificate) => certificate with { Chain = certificate.Chain + _intermediate.Pem };

    private protected void Start(TestCertificate certificate, string more = "")
    {
        _broker.Start(certificate, more);
        _wire.Target = _broker.TlsPort;
    }

    private protected MqttSettings Settings(string? caFile, string host = "localhost") =>
        new("out", host, _wire.Port, true, caFile, "me", "box", Path.Combine(_bench.Folder, "password"), "t", 1, false, TimeSpan.FromSeconds(30),
            SinkBench.Both);

    private protected ISink Open(string? trusted, string host = "localhost")
    {
        if (trusted is not null) File.WriteAllText(_caFile, trusted);
        return Settings(trusted is null ? null : _caFile, host).Open(_bench.Context);
    }

    /// <summary>The first attempt fails for that reason, is counted and told, and the broker learns of nothing.</summary>
    private protected void AssertRefused(ISink sink, string why)
    {
        var heard = _broker.Subscribe("t/#");
        sink.Accept(SinkBench.Event(1));
        SinkBench.Until(() => sink.Status.Failures == 1, "a failure");
        string told = sink.Status.LastError!;
        Assert.StartsWith($"{((MqttSettings)sink.Settings).Host}:{_wire.Port}: ", told, StringComparison.Ordinal);
        Assert.Contains(why.Replace("{ca}", _caFile, StringComparison.Ordinal), told, StringComparison.Ordinal);
        Assert.InRange(told.Length, 0, 500);
        Assert.Equal($"output fails: {told} output=out", Assert.Single(_bench.Logged));
        Assert.Equal((0L, 0L, 1L), (sink.Status.Delivered, sink.Status.Dropped, sink.Status.Queued));
        _broker.Publish("t/last", "of all");
        Assert.Equal("t/last of all", Assert.Single(heard(l => l == "t/last of all")));
        AssertNothingReadable();
    }

    /// <summary>The next attempts succeed, and everything is delivered.</summary>
    private protected void AssertGoesOn(ISink sink, long delivered)
    {
        Advance(() => sink.Status.LastError is null, "the connection");
        SinkBench.Until(() => sink.Status.Delivered == delivered, $"the messages; {sink.Status}");
        Assert.Contains(_bench.Logged, l => l == "output works again output=out");
        AssertNothingReadable();
    }

    private protected void Advance(Func<bool> condition, string what) => SinkBench.Until(
        () =>
        {
            if (condition()) return true;
            Thread.Yield();
            _time.Advance(TimeSpan.FromMilliseconds(20));
            return false;
        }, what);

    private protected void AssertNothingReadable()
    {
        string said = _wire.Said;
        Assert.StartsWith("\u0016\u0003", said, StringComparison.Ordinal); // a TLS record with a handshake in it
        Assert.All(["s3cret", "MQTT", "t/rule", "t/status", "frame"], word => Assert.DoesNotContain(word, said, StringComparison.Ordinal));
    }
}
