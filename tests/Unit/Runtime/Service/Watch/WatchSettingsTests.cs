using System.Net;
using ResNetEdge.Service.Watch;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Watch;

/// <summary>Where the live page listens: on this machine alone, unless there is a token.</summary>
public class WatchSettingsTests
{
    [Theory]
    [InlineData("127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("localhost" + ":8080", "127.0.0.1:8080")]
    [InlineData("'[::1]:8080'", "[::1]:8080")]
    public void A_loopback_address_needs_no_token(string written, string endpoint)
    {
        var (settings, problems) = Read($"listen: {written}");
        Assert.Empty(problems);
        Assert.Equal(IPEndPoint.Parse(endpoint), settings.Listen);
    }

    [Theory]
    [InlineData("0.0.0.0:8080")]
    [InlineData("192.168.1.5:80")]
    [InlineData("'[::]:8080'")]
    public void Another_address_needs_one(string written)
    {
        var (_, problems) = Read($"listen: {written}");
        Assert.Contains("needs token_file", Assert.Single(problems).Sentence, StringComparison.Ordinal);
        Assert.Empty(Read($"listen: {written}\ntoken_file: /etc/token").Problems);
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.1:8080")]
    [InlineData("1:8080")]
    [InlineData("example.org:8080")]
    [InlineData("127.0.0.1:8080 ; x")]
    [InlineData("[a, b]")]
    [InlineData("{ a: b }")]
    public void Anything_else_is_refused_with_its_line(string written)
    {
        var problem = Assert.Single(Read($"listen: {written}").Problems);
        Assert.Equal(1, problem.Line);
        Assert.StartsWith("'watch.listen' is an address and a port", problem.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Left_out_nothing_listens() => Assert.Equal(WatchSettings.None, Read("token_file: null").Settings);

    private static (WatchSettings Settings, List<(int Line, string Sentence)> Problems) Read(string yaml)
    {
        var place = new Place("c.yaml", "watch", []);
        var settings = WatchSettings.Read(new Section(YamlTree.Parse(yaml, "c.yaml"), place, WatchSettings.Schema));
        return (settings, place.Problems);
    }
}
