using System.Net;
using System.Net.Sockets;
using System.Text;
using ResNetEdge.Service;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Web;

namespace ResNetEdge.Tests.Unit.Runtime.Web;

/// <summary>
/// What somebody hostile on the network can take from others: guesses, connections, time. And what an administrator may change without a restart.
/// </summary>
public sealed class WatchLimitsTests : IDisposable
{
    private const string Token = "correct-horse-battery", Other = "staple-wired-quokka-9";
    private readonly TempFolder _folder = new();
    private readonly FakeWatched _watched = new();
    private readonly FakeTime _time = new();
    private readonly Log _log;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public WatchLimitsTests() => _log = new Log(TextWriter.Null, _time, isJournal: false);

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_rotated_token_holds_from_the_next_request_on_and_the_old_one_opens_nothing()
    {
        using var server = Start(Token);
        var signedIn = await _client.PostAsync($"http://{server.Endpoint}/sign-in", new FormUrlEncodedContent([new("token", Token)]));
        string cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, (await Get(server, Token)).StatusCode);

        _folder.Write("new", Encoding.ASCII.GetBytes(Other)); // as an editor or a secret's agent does: written beside, then moved there
        File.Move(_folder["new"], _folder["token"], overwrite: true);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(server, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Get(server, Other)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(server, null, ("Cookie", cookie))).StatusCode);
        Assert.Contains(_log.Recent, e => e.Text.StartsWith("the live page's token was changed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData(null)]
    public async Task A_new_token_that_is_none_is_said_once_and_the_old_one_goes_on(string? text)
    {
        using var server = Start(Token);
        if (text is null) File.Delete(_folder["token"]);
        else _folder.Write("token", Encoding.ASCII.GetBytes(text + "\n"));
        for (int i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await Get(server, Token)).StatusCode);
        Assert.Single(_log.Recent, e => e.Text.Contains("new token cannot be used", StringComparison.Ordinal));
        _folder.Write("token", Encoding.ASCII.GetBytes(Other));
        Assert.Equal(HttpStatusCode.OK, (await Get(server, Other)).StatusCode);
    }

    [Fact]
    public async Task Who_guesses_waits_ever_longer_and_then_gets_in_with_the_right_token()
    {
        using var server = Start(Token);
        for (int i = 0; i <= WrongTokens.Free; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await Get(server, $"wrong-{i}")).StatusCode);
        double before = 0;
        for (int round = 0; round < 10; round++)
        {
            var answer = await Get(server, Token);
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            var wait = answer.Headers.RetryAfter!.Delta!.Value;
            Assert.InRange(wait.TotalSeconds, Math.Min(before + 1, WrongTokens.LongestWait.TotalSeconds), WrongTokens.LongestWait.TotalSeconds);
            before = wait.TotalSeconds;
            _time.Advance(wait);
            Assert.Equal(HttpStatusCode.Unauthorized, (await Get(server, "still-wrong")).StatusCode);
        }

        _time.Advance(WrongTokens.LongestWait);
        Assert.Equal(HttpStatusCode.OK, (await Get(server, Token)).StatusCode);
    }

    [Fact]
    public async Task Guesses_by_form_by_address_and_by_cookie_count_too()
    {
        using var server = Start(Token);
        for (int i = 0; i <= WrongTokens.Free; i += 3)
        {
            await _client.PostAsync($"http://{server.Endpoint}/sign-in", new FormUrlEncodedContent([new("token", "wrong")]));
            await _client.GetAsync($"http://{server.Endpoint}/?token=wrong");
            await Get(server, null, ("Cookie", $"resnetedge-{server.Endpoint.Port}=wrong"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await Get(server, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(server, null)).StatusCode); // who brings no token is asked for one
    }

    [Fact]
    public async Task A_guesser_behind_a_proxy_of_this_machine_keeps_nobody_else_waiting()
    {
        using var server = Start(Token);
        for (int i = 0; i <= WrongTokens.Free; i++) await Get(server, "wrong", ("X-Forwarded-For", "10.0.0.1, 203.0.113.7"));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await Get(server, Token, ("X-Forwarded-For", "203.0.113.7"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Get(server, Token, ("X-Forwarded-For", "203.0.113.8"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Get(server, Token)).StatusCode);
    }

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("abababababababababababababababab")]
    [InlineData("1234567890123456")]
    [InlineData("0123456789abcdef")]
    [InlineData("passwordpassword")]
    [InlineData("Passw0rdpassw0rd")]
    [InlineData("qwertyuiopasdfgh")]
    [InlineData("resnetresnetresnetresnet")]
    [InlineData("00000000000000000000000000000000000000001")]
    public void A_token_that_can_be_guessed_is_refused_with_the_way_to_make_one(string token)
    {
        var e = Assert.Throws<EdgeException>(() => Start(token));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Contains("can be guessed", e.Message, StringComparison.Ordinal);
        Assert.Contains("'openssl rand -hex 24' makes a good one", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(token, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_of_a_generator_are_good()
    {
        var random = new Random(7);
        for (int i = 0; i < 1000; i++)
        {
            byte[] bytes = new byte[24];
            random.NextBytes(bytes);
            Assert.True(TokenStrength.Suffices(Convert.ToHexStringLower(bytes)));
            Assert.True(TokenStrength.Suffices(Convert.ToBase64String(bytes)));
            Assert.True(TokenStrength.Suffices(new Guid(bytes.AsSpan(0, 16)).ToString()));
        }
    }

    [Fact]
    public async Task Half_open_connections_shut_out_neither_page_nor_metrics_nor_health()
    {
        using var server = Start(null);
        var held = new List<TcpClient>();
        try
        {
            for (int i = 0; i < 100; i++)
            {
                var socket = new TcpClient();
                held.Add(socket);
                await socket.ConnectAsync(server.Endpoint);
                if (i % 2 == 0) await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /health HTTP/1.1\r\nHost: "));
            }

            foreach (string path in (string[])["/", "/metrics", "/health"])
            {
                using var other = new HttpClient();
                Assert.Equal(HttpStatusCode.OK, (await other.GetAsync($"http://{server.Endpoint}{path}")).StatusCode);
            }
        }
        finally
        {
            held.ForEach(s => s.Dispose());
        }
    }

    private WatchServer Start(string? token) =>
        WatchServer.Start(new(new(IPAddress.Loopback, 0), token is null ? null : _folder.Write("token", Encoding.UTF8.GetBytes(token + "\n"))),
            _watched, _log, _time);

    private async Task<HttpResponseMessage> Get(WatchServer server, string? token, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{server.Endpoint}/health");
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await _client.SendAsync(request);
    }
}
