using ResNetEdge.Device;
using ResNetEdge.Service.Outputs.Mqtt;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Mqtt;

/// <summary>What 'ca_file' may hold, and what becomes of an output when it holds something else.</summary>
public sealed class MosquittoTlsFileTests : MosquittoTlsBench
{
    [SkippableTheory]
    [InlineData("the leaf itself")]
    [InlineData("the intermediate alone")]
    [InlineData("both")]
    [InlineData("another root")]
    public void A_file_without_the_root_is_refused_until_it_has_it(string file)
    {
        var leaf = _intermediate.Issue();
        var chained = Chained(leaf);
        Start(chained);
        using var sink = Open(file switch
        {
            "the leaf itself" => leaf.Chain,
            "the intermediate alone" => _intermediate.Pem,
            "both" => chained.Chain,
            _ => _otherRoot.Pem,
        });
        AssertRefused(sink, "its chain ends with 'CN=Root', which is not a root certificate in '{ca}'");
        File.WriteAllText(_caFile, _root.Pem);
        AssertGoesOn(sink, 1);
    }

    [SkippableTheory]
    [InlineData("missing", "'{ca}' is not a file that can be read")]
    [InlineData("a folder", "'{ca}' is not a file that can be read")]
    [InlineData("empty", "'{ca}' contains no PEM certificate, which begins with -----BEGIN CERTIFICATE-----")]
    [InlineData("text", "'{ca}' contains no PEM certificate, which begins with -----BEGIN CERTIFICATE-----")]
    [InlineData("a key", "'{ca}' contains no PEM certificate, which begins with -----BEGIN CERTIFICATE-----")]
    [InlineData("cut off", "'{ca}' contains a damaged certificate: ")]
    [InlineData("damaged", "'{ca}' contains a damaged certificate: ")]
    [InlineData("damaged beside a good one", "'{ca}' contains a damaged certificate: ")]
    [InlineData("endless", "'{ca}' is too large for a file of certificates")]
    public void A_file_that_cannot_be_used_ends_the_start_and_is_waited_for_later(string file, string why)
    {
        Spoil(file);
        why = why.Replace("{ca}", _caFile, StringComparison.Ordinal);
        var refusal = Assert.Throws<EdgeException>(() => Settings(_caFile).Open(_bench.Context));
        Assert.Equal(FailureKind.BadInput, refusal.Kind);
        Assert.StartsWith($"output 'out': {why}", refusal.Message, StringComparison.Ordinal);

        Repair();
        Start(_root.Issue());
        _broker.Kill();
        using var sink = Open(_root.Pem);
        sink.Accept(SinkBench.Event(1));
        SinkBench.Until(() => sink.Status.Failures == 1, "an attempt without a broker");
        Spoil(file);
        _broker.Start(_root.Issue());
        Advance(() =>
            sink.Status.LastError?.StartsWith($"{((MqttSettings)sink.Settings).Host}:{_wire.Port}: {why}", StringComparison.Ordinal) == true, why);
        Repair();
        AssertGoesOn(sink, 1);
    }

    private void Repair()
    {
        if (Directory.Exists(_caFile)) Directory.Delete(_caFile);
        File.WriteAllText(_caFile, _root.Pem);
    }

    private void Spoil(string how)
    {
        File.Delete(_caFile);
        if (how == "a folder") Directory.CreateDirectory(_caFile);
        else if (how != "missing")
        {
            File.WriteAllText(_caFile, how switch
            {
                "empty" => "",
                "text" => "certificate: none\n",
                "a key" => _root.Issue().Key,
                "cut off" => _root.Pem[..^40],
                "damaged" => _root.Pem.Replace("\nMII", "\nMIB", StringComparison.Ordinal),
                "damaged beside a good one" => _root.Pem + _otherRoot.Pem.Replace("\nMII", "\nMI!", StringComparison.Ordinal),
                _ => new string('\n', 5 << 20) + _root.Pem,
            });
        }
    }
}
